import type { ErrorDefinition } from "../definition.ts";

export const pluginErrors = {
  "plugin.assert.invalid_plugins_dir": {
    code: 0x04010001,
    class: "InternalError",
    message: 'The plugin directory "%s" cannot be read: %s',
  },
  "plugin.assert.cannot_load": {
    code: 0x04010002,
    class: "PluginImplementationError",
    message: 'Plugin "%s" cannot be loaded: %s',
  },
  "plugin.assert.invalid_hook": {
    code: 0x04010003,
    class: "PluginImplementationError",
    message: '[%s] The hook on "%s" is neither a function nor the name of a method.%s',
  },
  "plugin.assert.invalid_pipe": {
    code: 0x04010004,
    class: "PluginImplementationError",
    message: '[%s] The pipe on "%s" is neither a function nor the name of a method.%s',
  },
  "plugin.assert.init_not_found": {
    code: 0x04010005,
    class: "PluginImplementationError",
    message: '[%s] The plugin has no "init" method.',
  },
  "plugin.assert.privileged_not_supported": {
    code: 0x04010006,
    class: "PluginImplementationError",
    message: "[%s] The configuration asks for a privileged context, but the manifest does not declare it.",
  },
  "plugin.assert.privileged_not_set": {
    code: 0x04010007,
    class: "PluginImplementationError",
    message:
      "[%s] The manifest asks for a privileged context, but the configuration does not grant it (plugins.%s.privileged).",
  },
  "plugin.assert.not_a_constructor": {
    code: 0x04010008,
    class: "PluginImplementationError",
    message: "[%s] The plugin must export a class or a constructor.",
  },
  "plugin.assert.name_already_exists": {
    code: 0x04010009,
    class: "PluginImplementationError",
    message: 'Two plugins have the name "%s": %s',
  },
  "plugin.assert.invalid_plugin_name": {
    code: 0x0401000a,
    class: "PluginImplementationError",
    message: 'Plugin name "%s" is not valid: use lower-case letters, digits and "-".',
  },
  "plugin.assert.no_name_provided": {
    code: 0x0401000b,
    class: "PluginImplementationError",
    message: "A plugin given as a plain object needs a name.",
  },
  "plugin.assert.invalid_controller_definition": {
    code: 0x0401000c,
    class: "PluginImplementationError",
    message: 'Controller "%s" is not defined correctly: %s',
  },
  "plugin.assert.invalid_application_name": {
    code: 0x0401000d,
    class: "PluginImplementationError",
    message: 'Application name "%s" is not valid: use lower-case letters, digits and "-".',
  },
  "plugin.assert.duplicated_api_definition": {
    code: 0x0401000e,
    class: "PluginImplementationError",
    message: '[%s] Define controllers in "api" or in "controllers", not in both.',
  },
  "plugin.assert.plugin_not_found": {
    code: 0x0401000f,
    class: "NotFoundError",
    message: 'Plugin "%s" does not exist.%s',
  },
  "plugin.assert.invalid_openapi_schema": {
    code: 0x04010010,
    class: "PluginImplementationError",
    message: "The OpenAPI document is not valid: %s",
  },
  "plugin.runtime.failed_init": {
    code: 0x04020001,
    class: "PluginImplementationError",
    message: "[%s] The plugin failed to initialise: %s",
  },
  "plugin.runtime.unexpected_error": { code: 0x04020002, class: "PluginImplementationError", message: "%s" },
  "plugin.runtime.pipe_timeout": {
    code: 0x04020003,
    class: "GatewayTimeoutError",
    message: '[%s] The pipe on "%s" did not answer within %s ms.',
  },
  "plugin.runtime.too_many_pipes": {
    code: 0x04020004,
    class: "ServiceUnavailableError",
    message: "Too many pipes are running (plugins.common.maxConcurrentPipes and pipesBufferSize). Try again later.",
  },
  "plugin.runtime.already_started": {
    code: 0x04020005,
    class: "PluginImplementationError",
    message: '"%s" cannot be used once the application has started.',
  },
  "plugin.runtime.unavailable_before_start": {
    code: 0x04020006,
    class: "PluginImplementationError",
    message: '"%s" cannot be used before the application has started.',
  },
  "plugin.runtime.unknown_pipe": {
    code: 0x04020007,
    class: "PluginImplementationError",
    message: 'Pipe "%s" does not exist.',
  },
  "plugin.runtime.unexpected_installation_error": {
    code: 0x04020008,
    class: "PluginImplementationError",
    message: 'Installation "%s" failed: %s',
  },
  "plugin.runtime.incompatible": {
    code: 0x04020009,
    class: "PluginImplementationError",
    message: '"%s" and "%s" cannot be used together.',
  },
  "plugin.strategy.invalid_description": {
    code: 0x04030001,
    class: "PluginImplementationError",
    message: '[%s] The strategy description must be an object: "%s".',
  },
  "plugin.strategy.invalid_methods": {
    code: 0x04030002,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s" needs a "methods" object.',
  },
  "plugin.strategy.invalid_method_type": {
    code: 0x04030003,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s": method "%s" must be the name of a function.',
  },
  "plugin.strategy.missing_method_function": {
    code: 0x04030004,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s": the function "%s" does not exist on the plugin.',
  },
  "plugin.strategy.invalid_config": {
    code: 0x04030005,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s" needs a "config" object.',
  },
  "plugin.strategy.unexpected_constructor": {
    code: 0x04030006,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s": "config.constructor" is not supported any more, use "config.authenticator".',
  },
  "plugin.strategy.invalid_constructor": {
    code: 0x04030007,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s": "config.constructor" must be a class.',
  },
  "plugin.strategy.invalid_authenticator": {
    code: 0x04030008,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s": "config.authenticator" must be the name of an authenticator.',
  },
  "plugin.strategy.unknown_authenticator": {
    code: 0x04030009,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s": authenticator "%s" does not exist.',
  },
  "plugin.strategy.invalid_option": {
    code: 0x0403000a,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s": option "%s" must be an object.',
  },
  "plugin.strategy.invalid_fields": {
    code: 0x0403000b,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s": "fields" must be an array of strings.',
  },
  "plugin.strategy.invalid_definition": {
    code: 0x0403000c,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s" is not defined correctly: %s',
  },
  "plugin.strategy.failed_registration": {
    code: 0x0403000d,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s" could not be registered: %s',
  },
  "plugin.strategy.invalid_verify_return": {
    code: 0x0403000e,
    class: "PluginImplementationError",
    message: '[%s] "%s": the verify function must return a promise.',
  },
  "plugin.strategy.invalid_verify_resolve": {
    code: 0x0403000f,
    class: "PluginImplementationError",
    message: '[%s] "%s": the verify function must resolve to an object or to false.',
  },
  "plugin.strategy.invalid_kuid": {
    code: 0x04030010,
    class: "PluginImplementationError",
    message: '[%s] "%s": the verify function must resolve to an object whose "kuid" is a string.',
  },
  "plugin.strategy.unknown_kuid": {
    code: 0x04030011,
    class: "PluginImplementationError",
    message: '[%s] "%s": the verify function answered a user that does not exist.',
  },
  "plugin.strategy.unauthorized_removal": {
    code: 0x04030012,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s" belongs to another plugin.',
  },
  "plugin.strategy.strategy_not_found": {
    code: 0x04030013,
    class: "NotFoundError",
    message: '[%s] Strategy "%s" does not exist.',
  },
  "plugin.strategy.missing_user": { code: 0x04030014, class: "UnauthorizedError", message: "%s" },
  "plugin.strategy.missing_optional_method": {
    code: 0x04030015,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s" does not implement "%s".',
  },
  "plugin.controller.invalid_description": {
    code: 0x04040001,
    class: "PluginImplementationError",
    message: '[%s] Controller "%s" must be an object of actions.%s',
  },
  "plugin.controller.invalid_action": {
    code: 0x04040002,
    class: "PluginImplementationError",
    message: '[%s] Action "%s:%s" is neither a function nor the name of a method.%s',
  },
  "plugin.controller.unexpected_route_property": {
    code: 0x04040003,
    class: "PluginImplementationError",
    message: '[%s] Unknown member "%s" in a route.%s',
  },
  "plugin.controller.invalid_route_property": {
    code: 0x04040004,
    class: "PluginImplementationError",
    message: '[%s] Route member "%s" is not valid: %s',
  },
  "plugin.controller.undefined_controller": {
    code: 0x04040005,
    class: "PluginImplementationError",
    message: '[%s] A route names the controller "%s", which is not defined.%s',
  },
  "plugin.controller.undefined_action": {
    code: 0x04040006,
    class: "PluginImplementationError",
    message: '[%s] A route names the action "%s:%s", which is not defined.%s',
  },
  "plugin.controller.unsupported_verb": {
    code: 0x04040007,
    class: "PluginImplementationError",
    message: '[%s] HTTP verb "%s" is not supported.%s',
  },
  "plugin.controller.unserializable_response": {
    code: 0x04040008,
    class: "PluginImplementationError",
    message: 'The answer of "%s:%s" cannot be turned into JSON.',
  },
  "plugin.controller.invalid_action_response": {
    code: 0x04040009,
    class: "PluginImplementationError",
    message: 'The action "%s:%s" must return a promise.',
  },
  "plugin.controller.invalid_openapi_schema": {
    code: 0x0404000a,
    class: "PluginImplementationError",
    message: '[%s] Action "%s:%s" has an OpenAPI description that is not valid: %s',
  },
  "plugin.manifest.cannot_load": {
    code: 0x04050001,
    class: "PluginImplementationError",
    message: 'The manifest "%s" cannot be read: %s',
  },
  "plugin.manifest.version_mismatch": {
    code: 0x04050002,
    class: "PluginImplementationError",
    message: "[%s] The plugin was written for version %s, this server has version %s.",
  },
  "plugin.manifest.invalid_name_type": {
    code: 0x04050003,
    class: "PluginImplementationError",
    message: "[%s] The name in manifest.json must be a string.",
  },
  "plugin.manifest.invalid_name": {
    code: 0x04050004,
    class: "PluginImplementationError",
    message: '[%s] The name in manifest.json may hold letters, digits, "-" and "_".',
  },
  "plugin.manifest.missing_name": {
    code: 0x04050005,
    class: "PluginImplementationError",
    message: "[%s] manifest.json needs a name.",
  },
  "plugin.manifest.invalid_errors": {
    code: 0x04050006,
    class: "PluginImplementationError",
    message: '[%s] The "errors" of manifest.json are not valid: %s',
  },
  "plugin.manifest.invalid_privileged": {
    code: 0x04050007,
    class: "PluginImplementationError",
    message: '[%s] "privileged" in manifest.json must be a boolean.',
  },
  "plugin.manifest.missing_package": {
    code: 0x04050008,
    class: "PluginImplementationError",
    message: "[%s] package.json was not found.",
  },
  "plugin.manifest.missing_package_name": {
    code: 0x04050009,
    class: "PluginImplementationError",
    message: "[%s] package.json needs a name.",
  },
  "plugin.manifest.missing_version": {
    code: 0x0405000a,
    class: "PluginImplementationError",
    message: '[%s] The manifest needs "kuzzleVersion".',
  },
  "plugin.context.missing_collection": {
    code: 0x04060001,
    class: "PluginImplementationError",
    message: "A collection name is needed.",
  },
  "plugin.context.unavailable_realtime": {
    code: 0x04060002,
    class: "PluginImplementationError",
    message: 'Subscriptions through "execute" are not available: use the embedded SDK.',
  },
  "plugin.context.invalid_user": {
    code: 0x04060003,
    class: "PluginImplementationError",
    message: "Expected a user as {_id: string}.",
  },
  "plugin.context.invalid_callback": {
    code: 0x04060004,
    class: "PluginImplementationError",
    message: "The callback must be a function, found %s.",
  },
  "plugin.context.missing_request": {
    code: 0x04060005,
    class: "PluginImplementationError",
    message: "A request is needed.",
  },
  "plugin.context.missing_request_data": {
    code: 0x04060006,
    class: "PluginImplementationError",
    message: "The data of the request is missing.",
  },
  "plugin.context.invalid_event": {
    code: 0x04060007,
    class: "PluginImplementationError",
    message: 'Event name "%s" is not valid.',
  },
  "plugin.context.missing_authenticator": {
    code: 0x04060008,
    class: "PluginImplementationError",
    message: '[%s] Strategy "%s" needs "config.authenticator".',
  },
  "plugin.authenticators.not_an_object": {
    code: 0x04070001,
    class: "PluginImplementationError",
    message: '[%s] "authenticators" must be an object.',
  },
  "plugin.authenticators.invalid_authenticator": {
    code: 0x04070002,
    class: "PluginImplementationError",
    message: '[%s] Authenticator "%s" must be a class.',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;

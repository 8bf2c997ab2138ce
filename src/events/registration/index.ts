/** The declarations of actions, controllers, strategies and protocols: one form for built-ins and plugins. */
export { type Argument, type ArgumentPlaces, type ArgumentTable, type ArgumentValues, arg } from "./arguments.ts";
export {
  type Action,
  type ActionDefinition,
  action,
  type ControllerDefinition,
  type DocumentPipe,
  type HttpVerb,
  type Route,
} from "./controller.ts";
export type { Broadcast, DirectMessage, Protocol } from "./protocol.ts";
export { type JsonSchema, schema } from "./schema.ts";
export type { AuthenticatorClass, StrategyDefinition, StrategyMethods, VerifyResult } from "./strategy.ts";

import { type JSONObject, RequestContext, RequestInput } from "../../../kernel/index.ts";
import { ParseError } from "../errors.ts";
import { BaseValidationType } from "../v2/base-validation-type.ts";
import { errorsByName } from "../v2/errors-by-name.ts";
import { requestConstructor } from "../v2/request-constructor.ts";
import { Dsl } from "./dsl.ts";

/** The release that plugins of this generation are told: its last. */
export const version = "1.12.0";

/** The context of a plugin in a process of its own. Source: contract/plugins/v1.md section 7, last paragraph. */
export const createPlainContext = (config: Readonly<JSONObject>): JSONObject => ({
  config: { ...config, version },
  constructors: { BaseValidationType, Dsl, Koncorde: Dsl, Request: requestConstructor, RequestContext, RequestInput },
  errors: { ...errorsByName, ParseError },
  accessors: {},
});

import { createRequire } from "node:module";

import type { Ajv, ErrorObject, ValidateFunction } from "ajv";
import { Pattern, type RegExpEngine } from "../../filters/index.ts";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { Failures } from "./failures.ts";
import type { Problems } from "./problem.ts";

/** A JSON Schema that contents are checked against. */
export interface JsonSchema {
  check(content: JSONObject, failures: Failures): void;
}

const maxTextLength = 262_144;
/** Told of one content at once. */
const maxFailures = 100;
const drafts: Readonly<Record<string, string>> = {
  "http://json-schema.org/draft-07/schema": "ajv",
  "https://json-schema.org/draft/2019-09/schema": "ajv/dist/2019.js",
  "https://json-schema.org/draft/2020-12/schema": "ajv/dist/2020.js",
};
const newestDraft = "https://json-schema.org/draft/2020-12/schema";
/** The server's own member, which no schema of a client has to know. */
const metadataName = "_kuzzle_info";

const require = createRequire(import.meta.url);

/**
 * Reads a JSON Schema of draft 2020-12, 2019-09 or 7, as its `$schema` says. Keywords and formats that are not of the draft are problems, and so is
 * a `$ref` to somewhere else. `pattern` runs on the engine of the filters. `default` says something to readers, and changes nothing.
 */
export function parseJsonSchema(
  schema: unknown,
  regExpEngine: RegExpEngine,
  problems: Problems,
): JsonSchema | undefined {
  if (!isPlainObject(schema)) {
    problems.add("validation.assert.invalid_type", "jsonSchema", "an object");
    return undefined;
  }
  try {
    if (JSON.stringify(schema).length > maxTextLength) throw new Error(`it is longer than ${maxTextLength} characters`);
    const { $schema: named = newestDraft } = schema;
    const draft = String(named).replace(/#$/, "");
    if (!Object.hasOwn(drafts, draft)) throw new Error(`"$schema" must be one of ${Object.keys(drafts).join(", ")}`);
    return new CompiledJsonSchema(schema, drafts[draft] as string, regExpEngine);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.add("validation.assert.invalid_type", "jsonSchema", `a JSON Schema that can be used; ${reason}`);
    return undefined;
  }
}

class CompiledJsonSchema implements JsonSchema {
  readonly #validate: ValidateFunction;

  constructor(schema: JSONObject, module: string, regExpEngine: RegExpEngine) {
    // Loaded with the first schema: most servers have none.
    const { default: Validator } = require(module) as { default: typeof Ajv };
    const { default: addFormats } = require("ajv-formats") as { default: (ajv: Ajv) => void };
    const newRegExp = (source: string): { test(text: string): boolean; toString(): string } => {
      const pattern = new Pattern(source, "", regExpEngine);
      // Expressions are told apart by their text.
      return { test: (text) => pattern.test(text), toString: () => source };
    };
    const ajv = new Validator({
      allErrors: true,
      strictSchema: true,
      strictTypes: false,
      strictTuples: false,
      logger: false,
      // The cast: of a regular expression, checks only use `test`; `code` is for schemas written to a file.
      code: { regExp: Object.assign(newRegExp, { code: "" }) as never },
    });
    addFormats(ajv);
    if (schema.$async !== undefined) throw new Error('"$async" is no keyword of JSON Schema');
    this.#validate = ajv.compile(schema);
  }

  check(content: JSONObject, failures: Failures): void {
    const { [metadataName]: _metadata, ...own } = content;
    if (this.#validate(own)) return;
    for (const error of this.#validate.errors?.slice(0, maxFailures) ?? []) tell(error, failures);
  }
}

function tell({ instancePath, message = "is not valid", params, keyword }: ErrorObject, failures: Failures): void {
  const what = keyword === "additionalProperties" ? `${message}: "${String(params.additionalProperty)}"` : message;
  const names = instancePath.split("/").slice(1).map(unescaped);
  if (names.length === 0) failures.document(`It ${what}.`);
  else failures.field({ names, path: names.join(".") }, [what]);
}

/** RFC 6901, section 4. */
const unescaped = (token: string): string => token.replaceAll("~1", "/").replaceAll("~0", "~");

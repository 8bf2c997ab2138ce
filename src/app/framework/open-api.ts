import { isPlainObject, type JSONObject, kerror } from "../../kernel/index.ts";
import type { Application } from "../application.ts";
import { ApplicationManager } from "./application-manager.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { readPackage } from "./package-facts.ts";

/** An OpenAPI document, as far as an application writes it; the routes are added where it is served. */
export interface OpenApiDocument extends JSONObject {
  openapi: string;
  info: JSONObject;
  tags: unknown[];
  schemes: string[];
  paths: JSONObject;
}

/** `app.openApi`: what the application says of itself in `server:openapi`, filled in from `package.json` of its root. */
export class BackendOpenApi extends ApplicationManager {
  constructor(application: Application, life: Lifecycle, root: string) {
    super(application, life);
    application.openApi = defaultDocument(application.name, readPackage(root));
  }

  /** May be edited in place, and replaced before the start. Errors: `plugin.runtime.already_started`, `validation.assert.invalid_type`. */
  get definition(): OpenApiDocument {
    return this.application.openApi as OpenApiDocument; // what replaces the default may lack members; it is the author's own
  }

  set definition(definition: JSONObject) {
    this.life.assertOpen("openApi.definition");
    if (!isPlainObject(definition)) throw kerror("validation.assert.invalid_type", "openApi.definition", "an object");
    this.application.openApi = definition;
  }
}

/** What an application has made of its definition, checked when it starts. Error: `plugin.assert.invalid_openapi_schema`. */
export function checkOpenApi({ openapi, info, paths, tags }: JSONObject): void {
  const invalid = (why: string): Error => kerror("plugin.assert.invalid_openapi_schema", why);
  if (typeof openapi !== "string" || !/^3\.\d+\.\d+$/.test(openapi)) {
    throw invalid('"openapi" must be a version of the format, as "3.1.0"');
  }
  if (!isPlainObject(info) || typeof info.title !== "string" || typeof info.version !== "string") {
    throw invalid('"info" must be an object with the texts "title" and "version"');
  }
  if (paths !== undefined && !isPlainObject(paths)) throw invalid('"paths" must be an object');
  if (tags !== undefined && !Array.isArray(tags)) throw invalid('"tags" must be a list');
}

function defaultDocument(name: string, facts: JSONObject): OpenApiDocument {
  const text = (member: string): string | undefined => {
    const value = facts[member];
    return typeof value === "string" ? value : undefined;
  };
  return {
    openapi: "3.1.0",
    info: {
      title: `${name} API`,
      description: `${name} HTTP API definition`,
      contact: contactOf(facts.author),
      license: { name: text("license") ?? "UNLICENSED" },
      version: text("version") ?? "0.0.0",
    },
    externalDocs: { description: `${name} documentation`, url: text("homepage") ?? "" },
    tags: [],
    schemes: ["https", "http"],
    paths: {},
  };
}

/** `author` of `package.json` is an object or a text such as `Ada <ada@lovelace.org>`. */
function contactOf(author: unknown): JSONObject {
  if (isPlainObject(author)) return { ...author };
  return typeof author === "string" ? { name: author } : {};
}

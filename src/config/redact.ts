import { isPlainObject, type JSONObject } from "../kernel/index.ts";
import type { Config } from "./config.ts";
import { isSecretName } from "./errors.ts";
import { configSchema } from "./schema/schema.ts";

const mask = "***";

/**
 * The configuration as `server:getConfig` shows it: without `security`, without `http.routes`, without what is no key of the
 * configuration (a `kuzzle_VAULT_KEY` or other programs' variables may have strayed in), and with `***` for secrets in `services` and `tenon`.
 */
export function redactedConfig(config: Config): JSONObject {
  const shown: JSONObject = {};
  for (const [name, value] of Object.entries(config)) {
    const known = Object.hasOwn(configSchema.properties, name) || name === "version" || name === "internal";
    if (known && name !== "security") shown[name] = value;
  }
  const { routes: _routes, accessControlAllowOrigin, ...http } = config.http;
  const origins = accessControlAllowOrigin.map((origin) => (typeof origin === "string" ? origin : origin.source));
  shown.http = { ...http, accessControlAllowOrigin: origins };
  shown.services = masked(config.services);
  shown.tenon = masked(config.tenon);
  return shown;
}

function masked(value: unknown): unknown {
  if (typeof value === "string") return withoutUrlPassword(value);
  if (Array.isArray(value)) return value.map(masked);
  if (!isPlainObject(value)) return isShowable(value) ? value : mask;
  const copy: JSONObject = {};
  for (const [name, inner] of Object.entries(value)) copy[name] = isSecret(name, inner) ? mask : masked(inner);
  return copy;
}

/** Names of settings of the clients that are secret beside those that say so: a TLS key, a bearer token, a header. */
const secretOptions = new Set(["key", "pfx", "bearer", "authorization", "cookie"]);

function isSecret(name: string, value: unknown): boolean {
  if (value === null || value === "" || typeof value === "boolean" || isPlainObject(value)) return false;
  return isSecretName(name) || secretOptions.has(name.toLowerCase());
}

/** Buffers, functions and instances out of application code may hold anything. */
const isShowable = (value: unknown): boolean => value === null || typeof value !== "object";

/** `http://user:password@host` keeps the user and loses the password. */
function withoutUrlPassword(text: string): string {
  return text.replace(/(\/\/[^/?#\s:@]*):[^/?#\s]*@/g, `$1:${mask}@`);
}

import { isPlainObject, type JSONObject } from "../kernel/index.ts";
import type { Config, ConfigWarning, Internal } from "./config.ts";
import { cannotParse } from "./errors.ts";
import type { Settings } from "./schema/schema.ts";

export interface DeriveContext {
  readonly version: string;
  /** True for a key that is not at its default, or that a source set. */
  readonly isSet: (path: string) => boolean;
  readonly originOf: (path: string, value: unknown) => string;
  readonly warn: (warning: ConfigWarning) => void;
}

/** Fixed: filters of all nodes must hash alike. */
const hashSeed = "tenon:filters:1";

/** Completes checked settings, in place, with what follows from them. */
export function deriveConfig(settings: Settings, context: DeriveContext): Config {
  readFormerTokenKeys(settings.security, context);
  readFormerMqttPort(settings.server.protocols.mqtt, context);
  readIdleTimeout(settings.server.protocols.websocket, context);
  const accessControlAllowOrigin = originsOf(settings.http, context);
  const internal: Internal = {
    hash: { seed: hashSeed },
    allowAllOrigins: accessControlAllowOrigin.includes("*"),
    notifiableProtocols: notifiableProtocols(settings.server.protocols),
  };
  return { ...settings, http: { ...settings.http, accessControlAllowOrigin }, version: context.version, internal };
}

const tokenKeys = ["algorithm", "expiresIn", "gracePeriod", "maxTTL", "secret"] as const;

/** A key of `security.jwt` counts where `security.authToken` leaves that key at its default. */
function readFormerTokenKeys(security: Settings["security"], context: DeriveContext): void {
  const former: JSONObject = security.jwt;
  const authToken: JSONObject = security.authToken;
  for (const key of tokenKeys) {
    const value = former[key];
    if (value === undefined || value === null || context.isSet(`security.authToken.${key}`)) continue;
    authToken[key] = value;
  }
}

function readFormerMqttPort(mqtt: Settings["server"]["protocols"]["mqtt"], context: DeriveContext): void {
  if (mqtt.port !== undefined && !context.isSet("server.protocols.mqtt.server.port")) mqtt.server.port = mqtt.port;
}

function readIdleTimeout(websocket: Settings["server"]["protocols"]["websocket"], context: DeriveContext): void {
  const { idleTimeout } = websocket;
  if (idleTimeout >= 1000) return;
  const key = "server.protocols.websocket.idleTimeout";
  websocket.idleTimeout = 60_000;
  context.warn({
    code: "value_changed",
    key,
    from: context.originOf(key, idleTimeout),
    message: `"${key}" is ${idleTimeout} ms, less than a second: 60000 ms are used.`,
  });
}

function originsOf(http: Settings["http"], context: DeriveContext): readonly (string | RegExp)[] {
  const { accessControlAllowOrigin: configured } = http;
  const texts = typeof configured === "string" ? configured.split(",") : configured;
  const origins = texts.map((origin) => origin.trim()).filter((origin) => origin !== "");
  if (!http.accessControlAllowOriginUseRegExp) return origins;
  // "*" alone is no regular expression, and means all origins in both forms.
  return origins.map((origin) => (origin === "*" ? origin : patternOf(origin, configured, context)));
}

function patternOf(source: string, configured: unknown, context: DeriveContext): RegExp {
  const key = "http.accessControlAllowOrigin";
  try {
    return new RegExp(source);
  } catch (cause) {
    const from = context.originOf(key, configured);
    throw cannotParse(`"${key}" (from ${from}) has "${source.slice(0, 60)}", which is no regular expression`, cause);
  }
}

function notifiableProtocols(protocols: JSONObject): string[] {
  const names: string[] = [];
  for (const [name, options] of Object.entries(protocols)) {
    if (!isPlainObject(options) || options.enabled === false) continue;
    if (options.realtimeNotifications === true) names.push(name);
  }
  return names;
}

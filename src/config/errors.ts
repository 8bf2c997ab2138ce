import { type KuzzleError, kerror, kerrorFrom } from "../kernel/index.ts";

const secretName = /pass(word|phrase|wd)?$|secret|token|credential|vault_key|api_?key/i;

/** True for keys whose value must not be shown: `password`, `sentinelPassword`, `secret`, `apiKey`… */
export const isSecretName = (name: string): boolean => secretName.test(name);

/** `"abc"`, `12`, `an array`: what was found, short, and without secrets. */
function found(path: string, value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const name = path.slice(path.lastIndexOf(".") + 1);
  if (typeof value === "string" && isSecretName(name)) return "a text (not shown)";
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  return typeof value === "function" ? "a function" : String(value);
}

export function invalidType(path: string, expected: string, value: unknown, from: string): KuzzleError {
  return kerror("core.configuration.invalid_type", path, expected, `${found(path, value)} (from ${from})`);
}

export function outOfRange(path: string, rule: string, value: unknown, from: string): KuzzleError {
  return kerror("core.configuration.out_of_range", path, `it ${rule}, found ${found(path, value)} (from ${from})`);
}

export function invalidPort(value: unknown, from: string): KuzzleError {
  const shown = typeof value === "string" ? value.slice(0, 60) : found("server.port", value);
  return kerror("network.entrypoint.invalid_port", `${shown} (from ${from})`);
}

export function cannotParse(problem: string, cause?: unknown): KuzzleError {
  return cause === undefined
    ? kerror("core.configuration.cannot_parse", problem)
    : kerrorFrom(cause, "core.configuration.cannot_parse", problem);
}

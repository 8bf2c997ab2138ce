import { format } from "node:util";
import type { Logger } from "../../kernel/index.ts";

/** `context.debug("%s joined %a", id, channels)`; `%a` is replaced by JSON. Costs nothing unless its namespace is asked for. */
export interface AuthorDebug {
  (message: unknown, ...values: unknown[]): void;
  readonly enabled: boolean;
  readonly namespace: string;
}

/** One name in the documents, another in released code: either turns it on. */
const namespaces = ["kuzzle:network:protocols", "kuzzle:entry-point:protocols"] as const;

/** `selected` is what the variable `DEBUG` says: namespaces separated by commas or blanks, with `*` for any part. */
export function createAuthorDebug(log: Logger, selected: string): AuthorDebug {
  const enabled = namespaces.some((namespace) => isSelected(namespace, selected));
  const debug = (message: unknown, ...values: unknown[]): void => {
    if (enabled) log.debug(typeof message === "string" ? fill(message, values) : format(message, ...values));
  };
  return Object.assign(debug, { enabled, namespace: namespaces[0] });
}

function isSelected(namespace: string, selected: string): boolean {
  const patterns = selected.split(/[\s,]+/).filter((pattern) => pattern !== "");
  const matches = (pattern: string): boolean =>
    new RegExp(`^${pattern.split("*").map(RegExp.escape).join(".*")}$`).test(namespace);
  return patterns.some(matches) && !patterns.some((pattern) => pattern.startsWith("-") && matches(pattern.slice(1)));
}

function fill(message: string, values: readonly unknown[]): string {
  const texts = [...values];
  let next = 0;
  const template = message.replaceAll(/%([a-z%])/gi, (placeholder, letter: string) => {
    if (letter === "%") return placeholder;
    const at = next++;
    if (letter !== "a") return placeholder;
    texts[at] = asJson(texts[at]);
    return "%s";
  });
  return format(template, ...texts);
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

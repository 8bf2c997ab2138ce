import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { Generation } from "../definition.ts";

/** Both sides are of one release, unless a process has outlived its files: a message of another version is not read. */
const version = 1;

/** What a process needs to run its plugin. */
export interface WorkerStart {
  readonly name: string;
  readonly generation: Exclude<Generation, "v2">;
  readonly variant: string | undefined;
  /** Where the package's files are. */
  readonly realPath: string;
  readonly packageJson: JSONObject;
  /** Other folders whose `node_modules` count. */
  readonly lookups: readonly string[];
  /** The plugin's own, checked. */
  readonly config: unknown;
  /** The server's; plugins of the typed form get none. */
  readonly hostConfig: JSONObject;
}

/** One event: its name as the plugin declared it, and the JSON text of the payload; null for none. */
export type WorkerEvent = readonly [declared: string, payload: string | null];

/** What the server tells a process. */
export type WorkerOrder =
  | { readonly kind: "start"; readonly plugin: WorkerStart }
  | { readonly kind: "events"; readonly events: readonly WorkerEvent[] }
  | { readonly kind: "stop" };

export interface WorkerFailure {
  /** The name as declared; none for a failure of `init`. */
  readonly event?: string;
  readonly message: string;
  readonly stack?: string;
}

/** What a process tells the server. */
export type WorkerReport =
  /** `memoryBytes` is what the process uses before the plugin's code is there. */
  | { readonly kind: "loading"; readonly memoryBytes: number }
  /** `hooks` are names as declared; `ignored` is what else the plugin has, by kind: `["pipes data:beforeCreate"]`. */
  | { readonly kind: "ready"; readonly hooks: readonly string[]; readonly ignored: readonly string[] }
  | { readonly kind: "failed"; readonly failure: WorkerFailure }
  /** `failed` counts all failures, `failures` describes the first of them. */
  | {
      readonly kind: "handled";
      readonly count: number;
      readonly failed: number;
      readonly failures: readonly WorkerFailure[];
    }
  | { readonly kind: "memory"; readonly memoryBytes: number };

/** A message as it is sent. */
export type Envelope<M> = { readonly v: number } & M;

export const enveloped = <M extends WorkerOrder | WorkerReport>(message: M): Envelope<M> => ({
  v: version,
  ...message,
});

/** Undefined for anything that is no order of this version. Its members are the server's own, and not looked at. */
export const readOrder = (message: unknown): WorkerOrder | undefined =>
  isPlainObject(message) && message.v === version ? (message as unknown as WorkerOrder) : undefined;

/** Undefined for anything that is no report of this version: the code of a plugin may send what it likes. */
export function readReport(message: unknown): WorkerReport | undefined {
  if (!isPlainObject(message) || message.v !== version) return undefined;
  switch (message.kind) {
    case "loading":
    case "memory":
      return { kind: message.kind, memoryBytes: countOf(message.memoryBytes) };
    case "ready":
      return { kind: "ready", hooks: textsOf(message.hooks), ignored: textsOf(message.ignored) };
    case "failed":
      return { kind: "failed", failure: failureOf(message.failure) };
    case "handled": {
      const failures = Array.isArray(message.failures) ? message.failures.map(failureOf) : [];
      return { kind: "handled", count: countOf(message.count), failed: countOf(message.failed), failures };
    }
    default:
      return undefined;
  }
}

const countOf = (value: unknown): number => (typeof value === "number" && value > 0 ? value : 0);

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

function failureOf(value: unknown): WorkerFailure {
  const { event, message, stack } = isPlainObject(value) ? value : {};
  return {
    ...(typeof event === "string" ? { event } : {}),
    message: typeof message === "string" ? message : "for no reason given",
    ...(typeof stack === "string" ? { stack } : {}),
  };
}

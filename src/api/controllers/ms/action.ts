import type { RequestInput } from "../../../kernel/index.ts";

/**
 * How the value of an argument becomes texts of the command:
 * - `scalar`: one text.
 * - `commaList`: an array as it is, a string split on commas; `bodyList`: an array as it is, a lone scalar is one item.
 * - `options`: as `commaList`, upper-cased.
 * - `limit`: two items, sent after LIMIT; `match` and `count`: sent after MATCH and COUNT.
 * - `entries` and `fields`: objects `{ key, value }` or `{ field, value }`, flattened; `points`: objects `{ lon, lat, name }`.
 */
export type ArgumentKind =
  | "scalar"
  | "commaList"
  | "bodyList"
  | "options"
  | "limit"
  | "match"
  | "count"
  | "entries"
  | "fields"
  | "points";

/** One argument of an action. Undefined and null are missing; `""`, `0` and `false` are values. */
export interface MsArgument {
  readonly name: string;
  readonly from: "resource" | "args" | "body";
  readonly kind: ArgumentKind;
  readonly required: boolean;
  /** What an error calls it: not always its name. */
  readonly props: string;
  /** An argument without which this one has no meaning. */
  readonly needs: string | undefined;
}

export interface MsRoute {
  readonly verb: "GET" | "POST" | "DELETE";
  readonly path: string;
}

/** Reads the arguments of the actions whose checks depend on one another. */
export type Extract = (input: RequestInput) => string[];

/**
 * An action of the `ms` controller: `{ action: "hget", command: "hget", routes: [{ verb: "GET", path: "/ms/_hget/:_id/:field" }], … }`.
 * `arguments` stand in the order of the command's.
 */
export interface MsAction {
  readonly action: string;
  readonly command: string;
  readonly routes: readonly MsRoute[];
  readonly arguments: readonly MsArgument[];
  /** Takes the place of the general reading of `arguments`, which then only describe. */
  readonly extract: Extract | undefined;
  /** `object`: the flat reply of names and values becomes an object. */
  readonly reply: "same" | "object";
}

const argument = (
  from: MsArgument["from"],
  name: string,
  kind: ArgumentKind,
  required: boolean,
  props = name,
): MsArgument => ({ name, from, kind, required, props, needs: undefined });

/** `_id`, which errors call the key. */
export const key = argument("resource", "_id", "scalar", true, "key");
/** `_id` as the actions with checks of their own call it. */
export const id = argument("resource", "_id", "scalar", true);
export const keyNamed = (props: string): MsArgument => argument("resource", "_id", "scalar", true, props);
export const arg = (name: string, props = name): MsArgument => argument("args", name, "scalar", true, props);
export const mayArg = (name: string, kind: ArgumentKind = "scalar"): MsArgument => argument("args", name, kind, false);
export const list = (name: string): MsArgument => argument("args", name, "commaList", true);
export const body = (name: string, kind: ArgumentKind = "scalar", props = name): MsArgument =>
  argument("body", name, kind, true, props);
export const mayBody = (name: string, kind: ArgumentKind = "scalar"): MsArgument => argument("body", name, kind, false);

/** What the scan family takes beside the key. */
export const scanArguments: readonly MsArgument[] = [arg("cursor"), mayArg("match", "match"), mayArg("count", "count")];

export const get = (path: string): MsRoute => ({ verb: "GET", path });
export const post = (path: string): MsRoute => ({ verb: "POST", path });
export const del = (path: string): MsRoute => ({ verb: "DELETE", path });

/** An action named as its command. */
export const action = (
  name: string,
  route: MsRoute,
  args: readonly MsArgument[] = [],
  extract?: Extract,
): MsAction => ({ action: name, command: name, routes: [route], arguments: args, extract, reply: "same" });

/** The memory storage commands of the contract's vectors as requests of the `ms` API, and the contract's facts about its actions. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { JSONObject } from "../../src/kernel/index.ts";
import type { Verb } from "./wire.ts";

const contract = join(import.meta.dirname, "../../contract");

interface ArgumentFact {
  readonly type: string;
  readonly required: boolean;
  readonly props?: string;
}

export interface ActionFact {
  readonly name: string;
  readonly group: string;
  readonly http: readonly { readonly verb: Verb; readonly path: string }[];
  readonly args: readonly (ArgumentFact & { readonly name: string; readonly in: "resource" | "args" })[];
  readonly body: "none" | Readonly<Record<string, ArgumentFact>>;
  readonly redis_args: string;
  readonly redis_errors: readonly string[];
  readonly errors: readonly { readonly id: string | null }[];
}

// The contract's files are part of the project: their shape is known.
const page = parse(readFileSync(join(contract, "api/ms.yaml"), "utf8")) as { readonly actions: readonly ActionFact[] };
const chapter = readFileSync(join(contract, "memory-storage.md"), "utf8");

export const msFacts: ReadonlyMap<string, ActionFact> = new Map(page.actions.map((fact) => [fact.name, fact]));

/** First word of the engine's text for each named condition of the contract. */
export const prefixes: ReadonlyMap<string, string> = new Map(
  [...chapter.matchAll(/^\| (\w+(?: \/ \w+)*) \| ([A-Z]+) \|/gm)].flatMap(([, names = "", prefix = ""]) =>
    names.split(" / ").map((name) => [name, prefix] as const),
  ),
);

/** `["get", "a"]`, as the vectors write it. */
export type Vector = readonly unknown[];

/** A group of vectors, which starts from an empty keyspace. */
export interface VectorGroup {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The vectors of the contract, group by group. */
export function readVectors(): VectorGroup[] {
  const text = /## 9\. Vectors[\s\S]*?```text\n([\s\S]*?)```/.exec(chapter)?.[1] ?? "";
  return text
    .split(/^# /m)
    .slice(1)
    .map((group) => {
      const [name = "", ...lines] = group.trim().split("\n");
      return { name, lines };
    });
}

export function parseVector(line: string): { readonly vector: Vector; readonly expected: string } {
  const arrow = line.lastIndexOf(" -> ");
  return { vector: JSON.parse(line.slice(0, arrow)) as Vector, expected: line.slice(arrow + 4) };
}

/** What an action is asked with: `{ action: "hget", args: { _id: "h", field: "f" }, body: undefined }`. */
export interface MsRequest {
  readonly action: string;
  readonly args: JSONObject;
  readonly body: JSONObject | undefined;
}

/** The request that makes the server run this command. */
export function requestOf([command, ...items]: Vector): MsRequest {
  const action = command === "MULTI" ? "mexecute" : String(command);
  const fact = msFacts.get(action);
  if (fact === undefined) throw new Error(`no such action: ${action}`);
  const special = specialRequests[action]?.(items);
  if (special !== undefined) return { action, ...special };
  return read(fact, items);
}

/** Reads the items in the order in which `redis_args` names them. */
function read({ name: action, redis_args, body: bodyFacts }: ActionFact, items: readonly unknown[]): MsRequest {
  const args: JSONObject = {};
  const body: JSONObject = {};
  const rest = [...items];
  const put = (path: string, value: unknown): void => {
    if (path.startsWith("body.")) body[path.slice("body.".length)] = value;
    else args[path] = value;
  };
  for (const [part] of redis_args.matchAll(/\[[^\]]*\]|\S+/g)) {
    const [, keyword, names = ""] = /^\[?(?:([A-Z]+) )?(.*?)\]?$/.exec(part) ?? [];
    const [path = ""] = /[\w.]*\w/.exec(names) ?? [];
    if (part === "none" || part === "...") continue;
    if (part === "<OPTIONS...>") {
      const limit = rest.indexOf("LIMIT");
      const options = rest.splice(0, redis_args.includes("[LIMIT") && limit >= 0 ? limit : rest.length);
      if (options.length > 0) args.options = options;
    } else if (keyword === "LIMIT") {
      if (rest[0] === "LIMIT") args.limit = rest.splice(0, 3).slice(1);
    } else if (keyword !== undefined) {
      if (rest[0] === keyword) args[path] = rest.splice(0, 2)[1];
    } else if (part.includes("...")) {
      put(path, rest.splice(0));
    } else if (redis_args.endsWith(" ...") || redis_args.includes("(entry order)")) {
      if (path === "_id") {
        args._id = rest.shift();
        continue;
      }
      const members = [...redis_args.matchAll(/<(\w+)>/g)].map(([, member = ""]) => member);
      const fields = members.filter((member) => member !== "_id");
      const list: JSONObject[] = [];
      while (rest.length > 0) list.push(Object.fromEntries(fields.map((field) => [field, rest.shift()])));
      put(`body.${Object.keys(bodyFacts)[0]}`, list);
      break;
    } else if (rest.length > 0) put(path, rest.shift());
  }
  if (rest.length > 0) throw new Error(`${action}: no argument for ${JSON.stringify(rest)}`);
  return { action, args, body: bodyFacts === "none" ? undefined : body };
}

type Special = (items: readonly unknown[]) => Pick<MsRequest, "args" | "body">;

const specialRequests: Readonly<Record<string, Special>> = {
  mexecute: (entries) => ({
    args: {},
    body: {
      actions: (entries as readonly Vector[]).map((entry) => {
        if (entry.length === 2 && entry[0] === "set") return { action: "mset", args: { body: { entries: [] } } };
        const { action, args, body } = requestOf(entry);
        return { action, args: { ...args, ...(body === undefined ? {} : { body }) } };
      }),
    },
  }),
  set: ([_id, value, ...options]) => ({
    args: { _id },
    body: { value, ...named(options, ["EX", "PX"], ["NX", "XX"]) },
  }),
  zadd: ([_id, ...items]) => {
    const start = items.findIndex((item) => !["NX", "XX", "CH", "INCR"].includes(String(item)));
    const elements: JSONObject[] = [];
    for (let i = start; i < items.length; i += 2) elements.push({ score: items[i], member: items[i + 1] });
    return { args: { _id }, body: { elements, ...named(items.slice(0, start), [], ["NX", "XX", "CH", "INCR"]) } };
  },
  sort: ([_id, ...items]) => {
    const body: Record<string, unknown> = {};
    const rest = [...items];
    while (rest.length > 0) {
      const word = String(rest.shift());
      if (word === "ALPHA") body.alpha = true;
      else if (word === "ASC" || word === "DESC") body.direction = word;
      else if (word === "LIMIT") body.limit = rest.splice(0, 2);
      else if (word === "GET") body.get = [...((body.get as unknown[] | undefined) ?? []), rest.shift()];
      else body[word.toLowerCase()] = rest.shift();
    }
    return { args: { _id }, body };
  },
  zinterstore: combination,
  zunionstore: combination,
};

function combination([_id, count, ...items]: readonly unknown[]): Pick<MsRequest, "args" | "body"> {
  const keys = items.slice(0, Number(count));
  const rest = items.slice(keys.length);
  const at = rest.indexOf("AGGREGATE");
  const weights = rest[0] === "WEIGHTS" ? rest.slice(1, at < 0 ? undefined : at) : undefined;
  return {
    args: { _id },
    body: { keys, ...(weights ? { weights } : {}), ...(at < 0 ? {} : { aggregate: rest[at + 1] }) },
  };
}

function named(items: readonly unknown[], valued: readonly string[], flags: readonly string[]): JSONObject {
  const body: JSONObject = {};
  for (let i = 0; i < items.length; i++) {
    const word = String(items[i]);
    if (valued.includes(word)) body[word.toLowerCase()] = items[++i];
    else if (flags.includes(word)) body[word.toLowerCase()] = true;
  }
  return body;
}

/** The request on its route: what the path has a place for goes there, other arguments into the query. */
export function routeOf({ action, args }: MsRequest): { readonly verb: Verb; readonly path: string } {
  const route = msFacts.get(action)?.http[0];
  if (route === undefined) throw new Error(`no route: ${action}`);
  const rest = { ...args };
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = encodeURIComponent(String(rest[name]));
    delete rest[name];
    return value;
  });
  const query = Object.entries(rest).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item) => `${name}=${encodeURIComponent(String(item))}`),
  );
  return { verb: route.verb, path: query.length === 0 ? path : `${path}?${query.join("&")}` };
}

/** A request with a well-formed value for every argument; `key` stands where a key of the command's own type is read. */
export function goodRequest(
  { name: action, args: argumentFacts, body: bodyFacts }: ActionFact,
  key: string,
): MsRequest {
  const isLexical = action.includes("lex");
  const args: JSONObject = {};
  for (const { name, type, required, in: from } of argumentFacts) {
    if (required) args[name] = from === "resource" ? key : sampleOf(name, isLexical ? "lexical" : type, key);
  }
  if (bodyFacts === "none") return { action, args, body: undefined };
  const body: JSONObject = {};
  for (const [name, { type, required }] of Object.entries(bodyFacts)) {
    if (required || name === "value" || type.endsWith("[]"))
      body[name] = sampleOf(name, isLexical ? "lexical" : type, key);
  }
  return { action, args, body };
}

function sampleOf(name: string, type: string, key: string): unknown {
  const known: Readonly<Record<string, unknown>> = {
    actions: [],
    aggregate: "SUM",
    destination: "elsewhere",
    elements: ["1"],
    entries: [{ key, field: "f", value: "1" }],
    keys: [key],
    max: "1",
    min: "1",
    operation: "AND",
    points: [{ lon: 1, lat: 1, name: "n" }],
    position: "before",
    source: key,
    sources: [key],
    subcommand: "encoding",
    unit: "m",
    weights: [1],
  };
  if (type === "lexical" && /^m(in|ax)$/.test(name)) return "[a";
  if (type.startsWith("{score")) return [{ score: 1, member: "m" }];
  if (name in known) return known[name];
  return type.endsWith("[]") ? ["1"] : "1";
}

import type { JSONObject } from "../../../../kernel/index.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import type { CollectionIndex, IndexSearchRequest } from "./collection-index.ts";
import { TwinIndex } from "./twin-index.ts";

/** Runs a search to its end. */
export function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

export const people = [
  {
    name: "ada",
    age: 36,
    bio: "The first programmer, a mathematician",
    tags: ["math", "code"],
    born: "1815-12-10",
    at: { lat: 51.5, lon: -0.12 },
  },
  {
    name: "grace",
    age: 85,
    bio: "Programmer of compilers; compilers and code",
    tags: ["code"],
    born: "1906-12-09",
    at: [-74, 40.7],
  },
  {
    name: "alan",
    age: 41,
    bio: "Mathematician who broke code",
    tags: ["math", "crypto"],
    born: "1912-06-23",
    at: "52.0,-0.7",
  },
  { name: "Émile", bio: "", tags: [], born: null },
];
export const mappings = parseMappings({
  properties: {
    name: { type: "keyword" },
    age: { type: "integer" },
    bio: { type: "text" },
    tags: { type: "keyword" },
    born: { type: "date" },
    at: { type: "geo_point" },
  },
});

/** Documents get the numbers 1, 4, 7 and so on, and the ids d0, d1, d2. */
export const indexOf = (documents: readonly JSONObject[], of = mappings): CollectionIndex =>
  filled(new TwinIndex(of), documents);

export function filled(index: CollectionIndex, documents: readonly JSONObject[]): CollectionIndex {
  for (const [i, document] of documents.entries()) index.add(i * 3 + 1, `d${i}`, document);
  return index;
}

export const index = indexOf(people);
export const run = (body: JSONObject, more: Partial<IndexSearchRequest> = {}) =>
  finish(index.search({ body, from: 0, size: 10, now: Date.parse("2020-01-01"), ...more }));

import type { JSONObject } from "../../../src/kernel/index.ts";
import type { Mappings } from "../../../src/stores/documents/index.ts";
import { findDifference, isBroken, isMissingKey, type OwnAnswer, refusedByReference } from "./compare.ts";
import { historyOf, writtenOnce } from "./history.ts";
import { type OwnCollection, OwnEngine, type Shape, shapes } from "./own-engine.ts";
import { ReferenceCollection } from "./reference-collection.ts";
import type { ReferenceAnswer, ReferenceEngine } from "./reference-engine.ts";
import { reproduce, type Tried } from "./reproduce.ts";
import type { Search } from "./searches.ts";
import { type Outcome, tally } from "./tally.ts";

export interface BothOptions {
  /** In which of our shapes; all of them unless given. */
  readonly shapes?: readonly Shape[];
  /** Documents are written once, without updates and deletions before. */
  readonly isWrittenOnce?: boolean;
  /** Asked where the answers differ: what it answers as ours does is no difference, but counted apart. */
  readonly second?: () => Promise<ReferenceEngine>;
}

/** How one search went. */
export interface Verdict {
  readonly outcome: Outcome;
  /** Where they differ: in which of our shapes, and what. */
  readonly difference?: string;
}

/** Differences that are reduced to a small case in one process: it takes half a minute each. */
const mostReduced = 6;
let reduced = 0;

/** The same collection in our engine, in each of its shapes, and in the reference. */
export class BothEngines implements AsyncDisposable {
  readonly #engine: ReferenceEngine;
  readonly #name: string;
  readonly #collection: OwnCollection;
  readonly #options: BothOptions;
  readonly #own: OwnEngine[] = [];
  #reference: ReferenceCollection | undefined;
  #second: ReferenceCollection | undefined;
  /** Documents that one engine took and the other refused. */
  readonly differences: string[] = [];

  private constructor(engine: ReferenceEngine, name: string, collection: OwnCollection, options: BothOptions) {
    this.#engine = engine;
    this.#name = name;
    this.#collection = collection;
    this.#options = options;
  }

  /** Some documents are replaced by others before, and some that were there are gone; see {@link historyOf}. */
  static async open(
    reference: ReferenceEngine,
    name: string,
    mappings: Mappings,
    settings: JSONObject,
    documents: readonly JSONObject[],
    options: BothOptions = {},
  ): Promise<BothEngines> {
    const history = options.isWrittenOnce === true ? writtenOnce(documents) : historyOf(documents);
    const both = new BothEngines(reference, name, { mappings, settings, history }, options);
    try {
      await both.#fill();
    } catch (err) {
      await both[Symbol.asyncDispose]();
      throw err;
    }
    return both;
  }

  async #fill(): Promise<void> {
    const { first, later } = this.#collection.history;
    const reference = await ReferenceCollection.open(this.#engine, this.#name, this.#collection);
    this.#reference = reference;
    for (const shape of this.#options.shapes ?? shapes) this.#own.push(await OwnEngine.open(shape, this.#collection));
    const changes = [...first, ...later];
    for (const { shape, outcomes } of this.#own) {
      for (const [i, outcome] of outcomes.entries()) {
        const theirs = reference.statuses[i];
        if (theirs === undefined || outcome.ok === theirs.status < 300) continue;
        this.differences.push(
          `Writing ${JSON.stringify(changes[i])}: ours (${shape}) ${JSON.stringify(outcome)}, the reference ${JSON.stringify(theirs.answer)}`,
        );
      }
    }
  }

  /**
   * What the two answer differently, with a small case of it ready to paste; undefined when nothing. Counted in the report, under
   * `search.kind`.
   */
  async compare(search: Search): Promise<string | undefined> {
    const { outcome, difference } = await this.judge(search);
    tally.count(search, this.#collection.mappings, outcome);
    if (difference === undefined) return undefined;
    const small = reduced++ < mostReduced ? await this.#reduce(search, difference) : undefined;
    tally.differed(search, difference, small);
    return small === undefined ? difference : `${difference}\n${small}`;
  }

  #reduce(search: Search, difference: string): Promise<string> {
    const shape = this.#own.find((one) => difference.startsWith(`${one.shape}: `))?.shape ?? "head";
    return reproduce({
      collection: this.#collection,
      search,
      difference,
      differenceOf: async (other) => (await this.judge(other)).difference,
      tryWith: async (collection, other): Promise<Tried> => {
        const options = { ...this.#options, shapes: [shape] };
        await using part = new BothEngines(this.#engine, `${this.#name}-reduced`, collection, options);
        await part.#fill();
        const { difference: found } = await part.judge(other);
        const ours = await part.#own[0]?.search(other);
        return { difference: found, ours, theirs: (await part.#reference?.search(other))?.body };
      },
    });
  }

  /** Compares without counting. */
  async judge(search: Search): Promise<Verdict> {
    const reference = this.#reference;
    if (reference === undefined) throw new Error("The collection is closed.");
    const [theirs, ...own] = await Promise.all([
      reference.search(search),
      ...this.#own.map((engine) => engine.search(search)),
    ]);
    for (const [i, engine] of this.#own.entries()) {
      const difference = await this.#differenceOf(search, engine, own[i] as OwnAnswer, reference, theirs);
      if (difference === undefined) continue;
      if (difference.startsWith(refusedByReference) && isBroken(theirs)) return { outcome: "the reference breaks" };
      const second = await this.#openSecond();
      if (second !== undefined) {
        const answer = await second.search(search);
        if ((await this.#differenceOf(search, engine, own[i] as OwnAnswer, second, answer)) === undefined)
          return { outcome: "only the second reference agrees" };
      }
      return { outcome: "differs", difference: `${engine.shape}: ${difference}` };
    }
    if (theirs.status >= 400) return { outcome: "refused by both" };
    return { outcome: theirs.body.hits.total.value > 0 ? "hits" : "no hits" };
  }

  async #differenceOf(
    search: Search,
    engine: OwnEngine,
    own: OwnAnswer,
    reference: ReferenceCollection,
    theirs: ReferenceAnswer,
  ): Promise<string | undefined> {
    const difference = findDifference(own, theirs);
    if (difference !== undefined || search.continues !== true || "error" in own) return difference;
    const middle = own.page.hits.length >> 1;
    const ours = own.page.hits[middle]?.sort;
    const sort: unknown[] = theirs.body.hits.hits[middle]?.sort ?? [];
    // The reference does not read its own numbers for missing values once they have been JSON.
    if (ours === undefined || sort.some(isMissingKey)) return undefined;
    // Each engine goes on from its own values, which may be written differently where there are none.
    const next = (after: readonly unknown[]): Search => ({ ...search, body: { ...search.body, search_after: after } });
    const later = await reference.search(next(sort));
    return findDifference(await engine.search(next(ours)), later);
  }

  /** What each of ours and the reference answer, for comparisons of what {@link compare} leaves out. */
  async answers(search: Search): Promise<{ readonly own: readonly OwnAnswer[]; readonly reference: ReferenceAnswer }> {
    if (this.#reference === undefined) throw new Error("The collection is closed.");
    const [reference, ...own] = await Promise.all([
      this.#reference.search(search),
      ...this.#own.map((engine) => engine.search(search)),
    ]);
    return { own, reference };
  }

  async #openSecond(): Promise<ReferenceCollection | undefined> {
    const { second } = this.#options;
    if (second === undefined) return undefined;
    this.#second ??= await ReferenceCollection.open(await second(), this.#name, this.#collection);
    return this.#second;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const engine of this.#own) await engine[Symbol.asyncDispose]();
    await this.#second?.[Symbol.asyncDispose]();
    await this.#reference?.[Symbol.asyncDispose]();
  }
}

import { forEachWindow } from "../collect/windows.ts";
import type { QueryContext } from "../query/context.ts";
import { AllMatcher } from "../query/matchers/matcher.ts";
import { malformed } from "../query/parameters.ts";
import { listBits, wordsFor } from "../segment/bits.ts";
import type { FieldStore } from "../segment/field-store.ts";
import { type AggregationRun, aggregatedField, type SubAggregations } from "./aggregator.ts";
import { OneBucket } from "./filters.ts";

/** The documents without value in a field. */
export class MissingAggregator extends OneBucket {
  readonly #path: string;
  /** Something stands in for missing values, so that none is missing. */
  readonly #hasDefault: boolean;
  #store: FieldStore | undefined;

  constructor(run: AggregationRun, subs: SubAggregations, path: string, hasDefault: boolean) {
    super(run, subs);
    this.#path = path;
    this.#hasDefault = hasDefault;
  }

  *open(context: QueryContext): Generator<void, void> {
    this.#store = aggregatedField(context, this.#path, "missing")?.store;
    yield* context.budget.pause();
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    if (this.#hasDefault) return;
    for (let i = 0; i < count; i++) {
      const doc = docs[i] as number;
      if (this.#store?.exists.has(doc) !== true) this.add(doc, owners[i] as number);
    }
    this.flush();
  }
}

/** All documents, whatever the query says. */
export class GlobalAggregator extends OneBucket {
  *open(): Generator<void, void> {}

  override *enter(context: QueryContext): Generator<void, void> {
    yield* this.enterSubs(context);
    const docs = new Uint32Array(4096);
    const owners = new Uint32Array(4096);
    yield* forEachWindow(new AllMatcher(context.maxDoc), context, {
      collect: (base, end, bits) => {
        const count = listBits(bits, wordsFor(end - base), base, docs);
        for (let i = 0; i < count; i++) this.add(docs[i] as number, owners[i] as number);
        this.flush();
      },
    });
  }

  /** The matches of the query do not matter. */
  collect(): void {}
}

/** The nested objects of the documents above. */
export class NestedAggregator extends OneBucket {
  readonly #path: string;
  #context: QueryContext | undefined;
  /** From the objects that are wanted up to those just below the documents above; empty when they are not below them. */
  #levels: QueryContext["space"][] = [];

  constructor(run: AggregationRun, subs: SubAggregations, path: string) {
    super(run, subs);
    this.#path = path;
  }

  *open(): Generator<void, void> {}

  override *enter(context: QueryContext): Generator<void, void> {
    const object = context.mapping.objects.get(this.#path);
    if (object !== undefined && !object.isNested)
      throw malformed(`[nested.path] "${this.#path}" is an object, and not of type nested.`);
    const inside = context.inside(this.#path);
    this.#context = inside;
    this.#levels = [];
    for (let at: QueryContext["space"] | undefined = inside.space; at !== undefined; at = at.parent) {
      if (at.path === context.space.path) break;
      if (at.path === "") this.#levels = [];
      else this.#levels.push(at);
    }
    yield* this.enterSubs(inside);
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    const context = this.#context;
    const levels = this.#levels;
    if (context === undefined || context.maxDoc === 0 || levels.length === 0) return;
    for (let i = 0; i < count; i++) {
      let first = docs[i] as number;
      let end = first + 1;
      for (let level = levels.length - 1; level >= 0; level--) {
        const space = levels[level] as QueryContext["space"];
        first = space.firstChild(first);
        end = space.firstChild(end);
      }
      end = Math.min(context.maxDoc, end);
      for (let child = first; child < end; child++) this.add(child, owners[i] as number);
    }
    this.flush();
  }
}

/** Back from nested objects to the documents that hold them; each counts once. */
export class ReverseNestedAggregator extends OneBucket {
  readonly #path: string;
  #parents: Uint32Array[] | undefined;
  readonly #last: number[] = [];

  constructor(run: AggregationRun, subs: SubAggregations, path: string) {
    super(run, subs);
    this.#path = path;
  }

  *open(): Generator<void, void> {}

  override *enter(context: QueryContext): Generator<void, void> {
    this.#last.length = 0;
    const parents: Uint32Array[] = [];
    let at: QueryContext["space"] | undefined = context.space;
    for (; at !== undefined && at.path !== this.#path; at = at.parent) if (at.path !== "") parents.push(at.parentOf);
    // Objects that do not lie inside those of the path have nothing to go back to.
    this.#parents = at === undefined ? undefined : parents;
    yield* this.enterSubs(context.inside(this.#path));
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    if (this.#parents === undefined) return;
    for (let i = 0; i < count; i++) {
      const owner = owners[i] as number;
      let doc = docs[i] as number;
      for (const parents of this.#parents) doc = parents[doc] as number;
      if (this.#last[owner] === doc) continue;
      this.#last[owner] = doc;
      this.add(doc, owner);
    }
    this.flush();
  }
}

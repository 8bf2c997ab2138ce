import type { JSONObject } from "../../../../../../kernel/index.ts";
import { matchBits } from "../../collect/windows.ts";
import type { QueryContext } from "../../query/context.ts";
import { malformed } from "../../query/parameters.ts";
import { hasBit } from "../../segment/bits.ts";
import type { KeywordField } from "../../segment/keyword-field.ts";
import { PostingCursor } from "../../segment/postings.ts";
import type { TextField } from "../../segment/text-field.ts";
import { type AggregationRun, Aggregator, countBuckets, spend } from "../aggregator.ts";
import { countBackground } from "../background.ts";
import { DeferredDocs } from "../deferred.ts";
import { liveTest } from "../live-values.ts";
import { compareKeys } from "../order.ts";
import type { Significance } from "../significance.ts";
import { type TermFilter, termFilter } from "../term-filter.ts";

export interface SignificantTextOptions {
  readonly field: string;
  readonly size: number;
  readonly minDocCount: number;
  readonly significance: Significance;
  /** Undefined: all documents. */
  readonly backgroundFilter: unknown;
  readonly include: unknown;
  readonly exclude: unknown;
}

type Part = DeferredDocs["parts"][number];
type TermsField = KeywordField | TextField;

const place = "significant_text";
const countBytes = 80;
const noWords: ReadonlySet<string> = new Set();

/** The words of a text that are more frequent in the documents found than elsewhere; read from the index, not from the documents. */
export class SignificantText extends Aggregator {
  readonly #run: AggregationRun;
  readonly #options: SignificantTextOptions;
  readonly #filter: TermFilter | undefined;
  readonly #deferred: DeferredDocs;
  /** Documents by owner, and in how many of them each word is. */
  readonly #found: { documents: number; readonly words: Map<string, number> }[] = [];
  readonly #background = { size: 0, counts: new Map<string, number>() };

  constructor(run: AggregationRun, options: SignificantTextOptions) {
    super();
    this.#run = run;
    this.#options = options;
    this.#filter = termFilter(options.include, options.exclude, place);
    this.#deferred = new DeferredDocs(run, false);
  }

  // biome-ignore lint/correctness/useYield: the interface is a generator
  *enter(context: QueryContext): Generator<void, void> {
    const node = context.field(this.#options.field)?.node;
    if (node !== undefined && node.family !== "text" && node.family !== "keyword")
      throw malformed(`[${place}] needs a text field; "${node.path}" is of type ${node.type}.`);
    this.#deferred.enter(context);
  }

  collect(docs: Uint32Array, owners: Uint32Array, count: number): void {
    for (let i = 0; i < count; i++) this.#of(owners[i] as number).documents++;
    this.#deferred.add(docs, owners, count);
  }

  #of(owner: number): { documents: number; readonly words: Map<string, number> } {
    while (this.#found.length <= owner) this.#found.push({ documents: 0, words: new Map() });
    return this.#found[owner] as { documents: number; readonly words: Map<string, number> };
  }

  override *finish(): Generator<void, void> {
    for (const part of this.#deferred.parts) yield* this.#countWords(part);
    const wanted = new Set<string>();
    for (const { words } of this.#found)
      for (const [word, count] of words) if (count >= this.#options.minDocCount) wanted.add(word);
    for (const { context } of this.#deferred.parts) yield* this.#countUsual(context, wanted);
  }

  #store(context: QueryContext): TermsField | undefined {
    const store = context.field(this.#options.field)?.store;
    return store?.kind === "text" || store?.kind === "keyword" ? store : undefined;
  }

  /** Goes through the documents of each word, and looks which of them were found. */
  *#countWords({ context, docs, owners, count }: Part): Generator<void, void> {
    const store = this.#store(context);
    if (store === undefined || count === 0) return;
    const { budget, maxDoc } = context;
    // By document: where its owners begin among those in the order of documents, plus one.
    spend(this.#run, 4 * maxDoc);
    const first = new Uint32Array(maxDoc);
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
      (a, b) => (docs[a] as number) - (docs[b] as number),
    );
    for (let i = count - 1; i >= 0; i--) first[docs[order[i] as number] as number] = i + 1;
    const block = new Uint32Array(4096);
    const beside = new Uint32Array(4096);
    const counts = new Map<number, number>();
    for (let ord = 0; ord < store.dictionary.size; ord++) {
      yield* budget.pause();
      const cursor = new PostingCursor(store.postings, ord);
      counts.clear();
      for (let taken = block.length; taken === block.length; ) {
        taken = cursor.take(0, maxDoc, block, beside);
        for (let i = 0; i < taken; i++) {
          const doc = block[i] as number;
          let at = (first[doc] as number) - 1;
          if (at < 0) continue;
          for (; at < count && docs[order[at] as number] === doc; at++) {
            const owner = owners[order[at] as number] as number;
            counts.set(owner, (counts.get(owner) ?? 0) + 1);
          }
        }
      }
      if (counts.size > 0) this.#keep(store.dictionary.term(ord), counts);
    }
    spend(this.#run, -4 * maxDoc);
  }

  #keep(word: string, counts: ReadonlyMap<number, number>): void {
    if (this.#filter?.takesTerm(word) === false) return;
    for (const [owner, count] of counts) {
      const { words } = this.#of(owner);
      const before = words.get(word);
      if (before === undefined) spend(this.#run, countBytes);
      words.set(word, (before ?? 0) + count);
    }
  }

  *#countUsual(context: QueryContext, wanted: ReadonlySet<string>): Generator<void, void> {
    const { backgroundFilter } = this.#options;
    const background = this.#background;
    const isPartial = this.#run.request.visible !== undefined;
    const { size } = yield* countBackground(context, undefined, noWords, backgroundFilter, isPartial);
    background.size += size;
    const store = this.#store(context);
    if (store === undefined) return;
    const isCounted = yield* countedTest(context, backgroundFilter);
    for (const word of wanted) {
      yield* context.budget.pause();
      const ord = store.dictionary.find(word);
      if (ord < 0) continue;
      const count =
        isCounted === undefined ? store.postings.count(ord) : countOf(store, ord, context.maxDoc, isCounted);
      if (count > 0) background.counts.set(word, (background.counts.get(word) ?? 0) + count);
    }
  }

  result(owner: number): JSONObject {
    const { size: most, minDocCount, significance } = this.#options;
    const { size, counts } = this.#background;
    const { documents, words } = this.#found[owner] ?? { documents: 0, words: new Map<string, number>() };
    const scored = Array.from(words, ([key, count]) => {
      const usual = counts.get(key) ?? 0;
      return { key, doc_count: count, score: significance(count, documents, usual, size), bg_count: usual };
    }).filter(({ doc_count: count, score }) => count >= minDocCount && score > 0);
    scored.sort((a, b) => b.score - a.score || compareKeys(b.key, a.key));
    const buckets = scored.slice(0, most);
    countBuckets(this.#run, buckets.length);
    return { doc_count: documents, bg_count: size, buckets };
  }
}

/** Which documents are the background; undefined when all of a segment are. */
function* countedTest(context: QueryContext, filter: unknown): Generator<void, ((doc: number) => boolean) | undefined> {
  if (filter === undefined) return context.snapshot.deletedCount === 0 ? undefined : liveTest(context);
  const bits = yield* matchBits(yield* context.compile(filter), context);
  return (doc) => hasBit(bits, doc);
}

/** How many of these documents have a word. */
function countOf(store: TermsField, ord: number, maxDoc: number, isCounted: (doc: number) => boolean): number {
  const block = new Uint32Array(4096);
  const beside = new Uint32Array(4096);
  const cursor = new PostingCursor(store.postings, ord);
  let sum = 0;
  for (let taken = block.length; taken === block.length; ) {
    taken = cursor.take(0, maxDoc, block, beside);
    for (let i = 0; i < taken; i++) if (isCounted(block[i] as number)) sum++;
  }
  return sum;
}

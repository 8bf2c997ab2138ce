import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type JSONObject, silentLogger, systemClock } from "../../../src/kernel/index.ts";
import {
  createEmbeddedStore,
  type DocumentStore,
  type EmbeddedStoreOptions,
  type Mappings,
  type WriteOutcome,
} from "../../../src/stores/documents/index.ts";
import type { OwnAnswer } from "./compare.ts";
import type { Change, History } from "./history.ts";
import type { Search } from "./searches.ts";

/**
 * How our engine holds a collection: in the head alone; in many small frozen segments; in merged segments that were stored, and opened
 * again after a restart.
 */
export type Shape = "head" | "segments" | "reopened";
export const shapes: readonly Shape[] = ["head", "segments", "reopened"];

export interface OwnCollection {
  readonly mappings: Mappings;
  readonly settings: JSONObject;
  readonly history: History;
}

type SegmentSizes = NonNullable<EmbeddedStoreOptions["segmentSizes"]>;

const target = { index: "reference", collection: "documents" };
const writtenAtOnce = 5_000;
const storedWithinMs = 60_000;
/** No collection here has as many segments: none is merged. */
const unmerged = { mergedAtOnce: 1_000, maxDocuments: 4_000_000, maxSettledBytes: 0 };

/** One collection in our engine, in one of its shapes. */
export class OwnEngine implements AsyncDisposable {
  readonly shape: Shape;
  readonly #directory: string;
  #store: DocumentStore | undefined;
  /** What became of the writes, in the order of the history. */
  readonly outcomes: WriteOutcome[] = [];
  /** Documents that were taken, and so have a number. */
  #numbered = 0;

  private constructor(shape: Shape) {
    this.shape = shape;
    this.#directory = shape === "head" ? ":memory:" : mkdtempSync(join(tmpdir(), "tenon-differential-"));
  }

  static async open(shape: Shape, collection: OwnCollection): Promise<OwnEngine> {
    const engine = new OwnEngine(shape);
    try {
      await engine.#fill(collection);
      return engine;
    } catch (err) {
      await engine[Symbol.asyncDispose]();
      throw err;
    }
  }

  async #fill({ mappings, settings, history }: OwnCollection): Promise<void> {
    const { first, later, untouched } = history;
    const parts = this.shape === "segments" ? 24 : 6;
    const headDocuments = Math.max(4, Math.min(untouched, 50_000, Math.ceil(first.length / parts)));
    const merged = { mergedAtOnce: 3, maxDocuments: 4_000_000 };
    const sizes = { headDocuments, ...(this.shape === "reopened" ? merged : unmerged) };
    await this.#start(this.shape === "head" ? undefined : sizes);
    await this.#opened.createCollection(target, "public", mappings, settings);
    await this.#write(first);
    await this.#untilStored(headDocuments);
    // Without merges from here on, so that what is removed now stays in the segments.
    if (this.shape === "reopened") await this.#restart({ headDocuments, ...unmerged });
    await this.#write(later);
    await this.#untilStored(headDocuments);
    if (this.shape === "reopened") await this.#restart({ headDocuments, ...unmerged });
  }

  get #opened(): DocumentStore {
    if (this.#store === undefined) throw new Error("The store is closed.");
    return this.#store;
  }

  async #start(segmentSizes: SegmentSizes | undefined): Promise<void> {
    const options = { directory: this.#directory, log: silentLogger, clock: systemClock };
    this.#store = await createEmbeddedStore({ ...options, ...(segmentSizes === undefined ? {} : { segmentSizes }) });
  }

  async #restart(segmentSizes: SegmentSizes): Promise<void> {
    await this.#store?.close();
    await this.#start(segmentSizes);
  }

  async #write(changes: readonly Change[]): Promise<void> {
    for (let at = 0; at < changes.length; at += writtenAtOnce) {
      const outcomes = await this.#opened.write(target, changes.slice(at, at + writtenAtOnce));
      this.#numbered += outcomes.filter(({ ok }, i) => ok && changes[at + i]?.kind === "index").length;
      this.outcomes.push(...outcomes);
    }
  }

  /** All but the documents of the last head are in segments on the disk. */
  async #untilStored(headDocuments: number): Promise<void> {
    if (this.shape === "head") return;
    const database = new DatabaseSync(join(this.#directory, "store.db"), { readOnly: true });
    try {
      const numbers = database.prepare("SELECT max(last) AS last FROM segments");
      const until = performance.now() + storedWithinMs;
      while (Number(numbers.get()?.last ?? 0) < this.#numbered - headDocuments) {
        if (performance.now() > until) throw new Error(`Not all of ${this.#numbered} documents were stored.`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    } finally {
      database.close();
    }
  }

  search({ body, from, size }: Search): Promise<OwnAnswer> {
    return this.#opened.search({ targets: [target], body, from, size }).then(
      (page) => ({ page }),
      (error: unknown) => ({ error }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store?.close();
    this.#store = undefined;
    if (this.#directory !== ":memory:") rmSync(this.#directory, { recursive: true, force: true });
  }
}

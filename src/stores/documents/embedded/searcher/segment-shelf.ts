import { mkdirSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { uuid } from "../../../../kernel/index.ts";
import type { Settings } from "../../document-store.ts";
import { settingOf } from "../../mapping/setting-of.ts";
import type { SegmentRecord } from "../rows/segment-records.ts";
import type { FrozenSegment, StoredSegment } from "../search/index.ts";
import { DamagedSegment, FieldBudget, openSegment, writeSegment } from "../search/index.ts";
import type { StoredIndex } from "./rebuild.ts";
import type { SearchedCollection } from "./searched-collection.ts";

export interface SegmentShelfDeps {
  /** Where the files lie; made when missing. */
  readonly folder: string;
  /** Bytes of fields that were read from files and may stay in memory. */
  readonly maxFieldBytes: number;
  /** Stored segments are to be written down; the writer's change `segments` says when that is done. */
  readonly keep: (record: SegmentRecord) => void;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

interface Shelved {
  readonly name: string;
  readonly stored: StoredSegment;
}

/** After a failure, the next attempt comes no sooner. */
const retryAfterMs = 30_000;

/**
 * The stored segments of all collections. They are a cache: what is lost here is indexed again from the documents, so no failure to
 * write them is anybody's failure but that of the next start, which takes longer.
 */
export class SegmentShelf {
  readonly #deps: SegmentShelfDeps;
  readonly #budget: FieldBudget;
  readonly #shelved = new WeakMap<FrozenSegment, Shelved>();
  /** By collection: the files that are there. */
  readonly #files = new Map<number, Map<string, StoredSegment>>();
  readonly #saving = new Set<number>();
  /** More was frozen while the collection was saved. */
  readonly #saveAgain = new Set<number>();
  #retryAt = 0;

  constructor(deps: SegmentShelfDeps) {
    this.#deps = deps;
    this.#budget = new FieldBudget(deps.maxFieldBytes);
    mkdirSync(deps.folder, { recursive: true });
  }

  /** The segments that a manifest names. Throws {@link DamagedSegment}; none is open then. */
  open({ id, settings }: SearchedCollection, text: string): StoredIndex {
    const { names, analysis, bytes } = parseManifest(text);
    if (analysis !== analysisOf(settings)) throw new DamagedSegment("It was made with other analyzers.");
    const opened: Shelved[] = [];
    try {
      for (const name of names) opened.push({ name, stored: openSegment(this.#path(name), this.#budget) });
    } catch (error) {
      for (const { stored } of opened) stored.close();
      throw error;
    }
    for (const shelved of opened) this.#put(id, shelved);
    return { segments: opened.map(({ stored }) => stored.segment), bytes };
  }

  /** Removes the files that no manifest names: of collections that are gone, or written when the process ended. */
  sweep(manifests: readonly string[]): void {
    const named = new Set(manifests.flatMap((manifest) => (manifest === "" ? [] : namesOf(manifest))));
    for (const name of readdirSync(this.#deps.folder)) if (!named.has(name)) this.#remove(name);
  }

  /** Stores the frozen segments that are not yet, off this thread, and has all of them written down. */
  async save(collection: SearchedCollection): Promise<void> {
    const { id, live, epoch } = collection;
    if (live === undefined || performance.now() < this.#retryAt) return;
    if (this.#saving.has(id)) {
      this.#saveAgain.add(id);
      return;
    }
    this.#saving.add(id);
    try {
      const { index } = live;
      for (const segment of index.frozen()) {
        if (this.#shelved.has(segment)) continue;
        const shelved = await this.#store(id, segment);
        // Emptied, built again or merged while it was written: the file is of no use.
        if (collection.live !== live || collection.epoch !== epoch || !index.replace(segment, shelved.stored.segment)) {
          this.#discard(id, shelved.name);
          continue;
        }
        this.#put(id, shelved);
      }
      if (collection.live === live && collection.epoch === epoch) this.#writeDown(collection);
    } catch (error) {
      this.#retryAt = performance.now() + retryAfterMs;
      const { indexName: name, name: of } = collection;
      this.#deps.log("documents.segments.not_stored", { index: name, collection: of, reason: String(error) });
    } finally {
      this.#saving.delete(id);
    }
    if (this.#saveAgain.delete(id)) await this.save(collection);
  }

  /** What was stored last is written down: files that nobody needs any more go. */
  settle(collection: SearchedCollection): void {
    const needed = new Set(this.#namesOf(collection));
    for (const name of this.#files.get(collection.id)?.keys() ?? [])
      if (!needed.has(name)) this.#discard(collection.id, name);
  }

  /** All documents will be indexed again: what is stored is not to be read any more, whatever happens until then. */
  renounce({ id, epoch }: SearchedCollection): void {
    this.#deps.keep({ collection: id, epoch, last: 0, manifest: "" });
  }

  /** The documents of a collection are gone. */
  forget(collection: number): void {
    for (const name of this.#files.get(collection)?.keys() ?? []) this.#discard(collection, name);
    this.#files.delete(collection);
  }

  close(): void {
    for (const files of this.#files.values()) for (const stored of files.values()) stored.close();
    this.#files.clear();
  }

  #writeDown(collection: SearchedCollection): void {
    const frozen = collection.live?.index.frozen() ?? [];
    const names = this.#namesOf(collection);
    if (names.length < frozen.length) return; // more was frozen meanwhile: that save writes all down
    const numbers = frozen.at(-1)?.docNumbers;
    const last = numbers?.[numbers.length - 1] ?? 0;
    const { id, epoch, settings, live } = collection;
    const documents = frozen.reduce((sum, { docNumbers: own }) => sum + own.length, 0);
    const bytes = Math.round(((live?.bytes ?? 0) * documents) / Math.max(1, live?.index.documents ?? 1));
    const manifest: Manifest = { names, analysis: analysisOf(settings), bytes };
    this.#deps.keep({ collection: id, epoch, last, manifest: names.length === 0 ? "" : JSON.stringify(manifest) });
  }

  #namesOf({ live }: SearchedCollection): string[] {
    return (live?.index.frozen() ?? []).flatMap((segment) => this.#shelved.get(segment)?.name ?? []);
  }

  async #store(collection: number, segment: FrozenSegment): Promise<Shelved> {
    const name = `${collection}.${uuid()}.segment`;
    try {
      await writeSegment(this.#path(name), segment);
      return { name, stored: openSegment(this.#path(name), this.#budget, segment) };
    } catch (error) {
      this.#remove(name);
      throw error;
    }
  }

  #put(collection: number, shelved: Shelved): void {
    const files = this.#files.get(collection) ?? new Map<string, StoredSegment>();
    files.set(shelved.name, shelved.stored);
    this.#files.set(collection, files);
    this.#shelved.set(shelved.stored.segment, shelved);
  }

  #discard(collection: number, name: string): void {
    const files = this.#files.get(collection);
    files?.get(name)?.retire();
    files?.delete(name);
    this.#remove(name);
  }

  #remove(name: string): void {
    rm(this.#path(name), { force: true }).catch((error: unknown) =>
      this.#deps.log("documents.segments.not_removed", { file: name, reason: String(error) }),
    );
  }

  #path(name: string): string {
    return join(this.#deps.folder, name);
  }
}

/** What is written down of the stored segments of a collection. */
interface Manifest {
  readonly names: readonly string[];
  /** The analyzers that their texts went through. */
  readonly analysis: string;
  /** UTF-8 bytes of the sources of all their documents, about. */
  readonly bytes: number;
}

const analysisOf = (settings: Settings): string => JSON.stringify(settingOf(settings, "analysis") ?? null);

function parseManifest(text: string): Manifest {
  try {
    const { names, analysis, bytes } = JSON.parse(text) as Partial<Manifest>;
    const areNames = Array.isArray(names) && names.every((name) => typeof name === "string" && /^[\w.-]+$/.test(name));
    if (areNames && typeof analysis === "string" && typeof bytes === "number") return { names, analysis, bytes };
  } catch {
    // what is no JSON is no manifest either
  }
  throw new DamagedSegment("The list of stored segments cannot be read.");
}

function namesOf(manifest: string): readonly string[] {
  try {
    return parseManifest(manifest).names;
  } catch {
    return [];
  }
}

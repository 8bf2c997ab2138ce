import type { DatabaseSync, StatementSync } from "node:sqlite";
import { kerror } from "../../../../kernel/index.ts";
import { parseClientObject } from "../../client-json.ts";
import type { Settings } from "../../document-store.ts";
import { assertSound } from "../../mapping/check-mapping.ts";
import { compileMapping } from "../../mapping/compile-mapping.ts";
import { mergeMappings } from "../../mapping/merge-mappings.ts";
import { parseMappings } from "../../mapping/parse-mappings.ts";
import { ChangeCollector, type ChangeSet } from "../wire/change.ts";
import { toErrorText } from "../wire/error-text.ts";
import {
  answerCodes,
  decodeOperation,
  emptyOperation,
  type Flat,
  operationWidth,
  requestCodes,
} from "../wire/operations.ts";
import type { AdminRequest } from "./admin-request.ts";
import { CollectionWriter } from "./collection-writer.ts";
import { type FindQueryFault, QueryCheck } from "./query-check.ts";
import { type CollectionRow, createTables, dropTables, tidy } from "./schema.ts";
import { type SegmentRecord, SegmentRecords } from "./segment-records.ts";
import { mergeSettings } from "./settings.ts";
import { asWriteError, isDamage, isDiskRefusal, sqliteCode } from "./sqlite-error.ts";
import { Superseded, type SupersededBatch } from "./superseded.ts";

/** Superseded rows that one transaction removes beside its own work. A guess: about 5 ms. */
const purgedPerCommit = 2_000;

/** Collections whose statements are kept; the oldest makes room. A guess: some kilobytes each. */
const maxOpenCollections = 256;

/**
 * Writes rows: each call of {@link commit} is one transaction for everything that was queued. Synchronous, and the only writer of its database.
 *
 * When the transaction fails (full disk, I/O error) it is rolled back as a whole, every request in it is answered with the error, and the
 * next one starts afresh.
 */
export class RowWriter {
  readonly #database: DatabaseSync;
  readonly #changes = new ChangeCollector();
  readonly #collections = new Map<number, CollectionWriter>();
  /** Of collections that made room for others: what was purged does not show in their rows. */
  readonly #nextNumbers = new Map<number, number>();
  readonly #superseded = new Superseded();
  readonly #records: SegmentRecords;
  #unkept: SegmentRecord[] = [];
  readonly #operation = emptyOperation();
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #collectionRow: StatementSync;
  readonly #publish: (changes: ChangeSet) => void;
  readonly #onRefused: (reason: unknown) => void;
  readonly #findFault: FindQueryFault;
  /** False once rows could not be removed that should have been. */
  #isTidy = true;
  #position = 0;
  /** The last run did not close its store: it may have left superseded rows behind. */
  readonly hasLeftovers: boolean;

  /**
   * `publish` hears of every commit that changed something, before `commit` returns; `onRefused` of every commit that the disk refused, with the
   * reason, and of every other without one. `findFault` checks stored queries.
   */
  constructor(
    database: DatabaseSync,
    publish: (changes: ChangeSet) => void,
    onRefused: (reason: unknown) => void = () => {},
    findFault: FindQueryFault = new QueryCheck().find,
  ) {
    this.#findFault = findFault;
    this.#database = database;
    this.#publish = publish;
    this.#onRefused = onRefused;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
    this.#collectionRow = database.prepare("SELECT * FROM collections WHERE id = ?");
    this.#records = new SegmentRecords(database);
    this.hasLeftovers = database.prepare("PRAGMA user_version").get()?.user_version !== tidy;
    database.exec("PRAGMA user_version = 0");
  }

  /** Position of the last commit that changed something: what a search must have applied to see all acknowledged writes. */
  get position(): number {
    return this.#position;
  }

  /** Runs the requests of all messages in order; answers one array for each message. */
  commit(messages: readonly Flat[]): Flat[] {
    const purged = this.#superseded.take(purgedPerCommit);
    const kept = this.#unkept;
    this.#unkept = [];
    try {
      const answers = this.#transact(messages, purged, kept);
      this.#onRefused(undefined);
      return answers;
    } catch (error) {
      // What is damaged in one place must not stop the others; what was to be tidied up there stays for a repair.
      if (isDamage(error)) {
        this.#isTidy = false;
        return messages.map((message) => this.#commitApart(message));
      }
      this.#superseded.restore(purged);
      this.#unkept = [...kept, ...this.#unkept];
      if (isDiskRefusal(error)) this.#onRefused(error);
      return messages.map((message) => refuseAll(message, error));
    }
  }

  /** Whether the disk takes a write. */
  probe(): void {
    try {
      this.#begin.run();
      this.#database.exec("PRAGMA user_version = 0");
      this.#commit.run();
      this.#onRefused(undefined);
    } catch (error) {
      this.#rollBack();
      this.#onRefused(error);
    }
  }

  #transact(messages: readonly Flat[], purged: readonly SupersededBatch[], kept: readonly SegmentRecord[]): Flat[] {
    const answers: Flat[] = [];
    try {
      this.#begin.run();
      for (const { collection, numbers } of purged) this.#collection(collection)?.purge(numbers);
      for (const record of kept) this.#keep(record);
      for (const message of messages) answers.push(this.#runMessage(message));
      this.#commit.run();
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    this.#announce();
    return answers;
  }

  /** Each request of a message in a transaction of its own. */
  #commitApart(message: Flat): Flat {
    const answer: Flat = [];
    for (const request of requestsOf(message)) {
      try {
        for (const part of this.#transact([request], [], [])) answer.push(...part);
      } catch (error) {
        answer.push(...refuseAll(request, error));
      }
    }
    return answer;
  }

  /** Superseded rows up to this position are read by nobody any more: they go with the next commits, or with {@link purge}. */
  release(position: number): void {
    this.#superseded.release(position);
  }

  /** Rows that an earlier run left behind: superseded, and not removed before it ended. */
  abandon(collection: number, numbers: readonly number[]): void {
    this.#superseded.add(0, collection, numbers);
  }

  /** Stored segments, to be written down with the next commit, or with {@link purge}: a change tells of it then. */
  keepSegments(record: SegmentRecord): void {
    this.#unkept.push(record);
  }

  /** Whoever stored segments that are not written down is gone: another one removes their files. */
  dropUnkept(): void {
    this.#unkept = [];
  }

  /** Removes released rows and writes down segments while there is nothing else to commit; answers whether some are left. */
  purge(): boolean {
    if (this.#superseded.hasReleased || this.#unkept.length > 0) this.commit([]);
    return this.#superseded.hasReleased || this.#unkept.length > 0;
  }

  #keep(record: SegmentRecord): void {
    const { collection, manifest } = record;
    if (this.#row(collection) !== undefined && this.#records.keep(record))
      this.#changes.add({ kind: "segments", collection, manifest });
  }

  /** Purges everything superseded, empties the write-ahead log and closes the database. */
  close(): void {
    if (!this.#database.isOpen) return;
    try {
      this.#superseded.release(this.#position);
      if (this.#unkept.length > 0) this.commit([]);
      while (this.#superseded.hasReleased) {
        const before = this.#superseded.released;
        this.commit([]);
        if (this.#superseded.released === before) break; // the disk refuses: the next start removes them
      }
      if (!this.#superseded.hasReleased && this.#isTidy) this.#database.exec(`PRAGMA user_version = ${tidy}`);
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      this.#database.close();
    }
  }

  #runMessage(message: Flat): Flat {
    const answer: Flat = [];
    let at = 0;
    while (at < message.length) {
      if (message[at] === requestCodes.write) at = this.#runWrites(message, at + 1, answer);
      else {
        this.#runAdmin(message[at + 1] as AdminRequest, answer); // the other kind of request
        at += 2;
      }
    }
    return answer;
  }

  #runWrites(message: Flat, start: number, answer: Flat): number {
    const collection = this.#collection(message[start] as number);
    const count = message[start + 1] as number;
    let at = start + 2;
    if (collection === undefined) {
      answer.push(answerCodes.gone);
      return at + count * operationWidth;
    }
    answer.push(answerCodes.written);
    const operation = this.#operation;
    for (let i = 0; i < count; i++) {
      at = decodeOperation(message, at, operation);
      collection.apply(operation, answer);
    }
    return at;
  }

  #runAdmin(request: AdminRequest, answer: Flat): void {
    try {
      const value = request.kind === "create" ? this.#create(request) : this.#change(request);
      if (value === undefined) answer.push(answerCodes.gone);
      else answer.push(answerCodes.value, value);
    } catch (error) {
      // Every admin request is checked before its first statement; only the disk's own errors end the transaction.
      if (sqliteCode(error) !== undefined) throw error;
      answer.push(answerCodes.error, toErrorText(error));
    }
  }

  /** On a collection that exists: its mappings and settings are updated. Answers its number. */
  #create(request: Extract<AdminRequest, { kind: "create" }>): number {
    const { target, scope } = request;
    const { index, collection: name } = target;
    const settings: Settings = mergeSettings({}, parseClientObject(request.settings));
    const mappings = parseMappings(parseClientObject(request.mappings), settings);
    assertSound(compileMapping(mappings, settings));
    const other = this.#database
      .prepare("SELECT scope FROM collections WHERE index_name = ? AND scope <> ?")
      .get(index, scope);
    if (other !== undefined) throw kerror("services.storage.index_already_exists", index, other.scope);
    const present = this.#database
      .prepare("SELECT id FROM collections WHERE index_name = ? AND name = ?")
      .get(index, name);
    if (typeof present?.id === "number") {
      const id = present.id;
      this.#change({ kind: "settings", collection: id, settings: request.settings });
      this.#change({ kind: "mappings", collection: id, mappings: request.mappings });
      return id;
    }
    const inserted = this.#database
      .prepare("INSERT INTO collections (index_name, name, scope, mappings, settings) VALUES (?, ?, ?, ?, ?)")
      .run(index, name, scope, JSON.stringify(mappings), JSON.stringify(settings));
    const id = Number(inserted.lastInsertRowid);
    this.#database.exec(createTables(id));
    this.#changes.add({ kind: "created", collection: id, index, name, mappings, settings });
    return id;
  }

  /** Answers undefined when the collection is gone. */
  #change(request: Exclude<AdminRequest, { kind: "create" }>): unknown {
    const collection = this.#collection(request.collection);
    if (collection === undefined) return undefined;
    const { id } = collection;
    switch (request.kind) {
      case "delete":
        this.#database.exec(dropTables(id));
        this.#database.prepare("DELETE FROM collections WHERE id = ?").run(id);
        this.#records.remove(id);
        this.#collections.delete(id);
        this.#changes.add({ kind: "deleted", collection: id });
        return true;
      case "truncate":
        this.#database.exec(dropTables(id) + createTables(id));
        this.#changes.add({ kind: "truncated", collection: id, epoch: this.#records.restart(id) });
        return true;
      case "grow":
        for (const source of request.sources) collection.grow(source);
        return true;
      case "mappings": {
        const merged = mergeMappings(
          collection.mappings,
          parseMappings(parseClientObject(request.mappings), collection.settings),
        );
        assertSound(compileMapping(merged, collection.settings));
        collection.storeMappings(merged);
        return merged;
      }
      case "settings": {
        const settings = mergeSettings(collection.settings, parseClientObject(request.settings));
        compileMapping(collection.mappings, settings);
        collection.storeSettings(settings);
        return settings;
      }
    }
  }

  #collection(id: number): CollectionWriter | undefined {
    const open = this.#collections.get(id);
    if (open !== undefined) return open;
    const row = this.#row(id);
    if (row === undefined) return undefined;
    this.#makeRoom();
    // Numbers that stored segments know are not given again, though their rows may be gone.
    const least = Math.max(this.#nextNumbers.get(id) ?? 1, this.#records.find(id).last + 1);
    const collection = new CollectionWriter(this.#database, this.#changes, row, least, this.#findFault);
    this.#collections.set(id, collection);
    return collection;
  }

  #makeRoom(): void {
    for (const [id, collection] of this.#collections) {
      if (this.#collections.size < maxOpenCollections) return;
      this.#nextNumbers.set(id, collection.nextNumber);
      this.#collections.delete(id);
    }
  }

  // The cast: the table has these columns.
  #row(id: number): CollectionRow | undefined {
    return this.#collectionRow.get(id) as CollectionRow | undefined;
  }

  #announce(): void {
    const changes = this.#changes.take();
    if (changes.length === 0) return;
    this.#position++;
    for (const change of changes) {
      if (change.kind === "documents")
        this.#superseded.add(
          this.#position,
          change.collection,
          change.replaced.filter((number) => number !== 0),
        );
    }
    this.#publish({ position: this.#position, changes });
  }

  #rollBack(): void {
    this.#changes.take();
    // Some errors have rolled back already.
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    try {
      for (const [id, collection] of this.#collections) {
        const row = this.#row(id);
        if (row === undefined) this.#collections.delete(id);
        else collection.reload(row);
      }
    } catch {
      // They are read again when they are needed, and whoever needs them hears what is wrong.
      for (const [id, { nextNumber }] of this.#collections) this.#nextNumbers.set(id, nextNumber);
      this.#collections.clear();
    }
  }
}

/** The answer to a message none of whose requests happened. */
function refuseAll(message: Flat, error: unknown): Flat {
  const text = toErrorText(asWriteError(error));
  return requestsOf(message).flatMap(() => [answerCodes.error, text]);
}

/** The requests of a message, each as a message of its own. */
function requestsOf(message: Flat): Flat[] {
  const requests: Flat[] = [];
  let at = 0;
  while (at < message.length) {
    const length = message[at] === requestCodes.write ? 3 + (message[at + 2] as number) * operationWidth : 2;
    requests.push(message.slice(at, at + length));
    at += length;
  }
  return requests;
}

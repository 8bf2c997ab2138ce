import type { RegExpEngine } from "../../filters/index.ts";
import { isPlainObject, type JSONObject, kerror, type Logger, uuid } from "../../kernel/index.ts";
import type { Bus, BusMessage } from "../../stores/bus/index.ts";
import type { CollectionRef, SearchPage } from "../../stores/documents/index.ts";
import { Catalog } from "../catalog.ts";
import type { ContentToCheck, ContentValidator, ValidationReport } from "../content-validator.ts";
import { Searches, type SearchesDeps, type SearchParameters } from "../searches.ts";
import { checkContent } from "./check-content.ts";
import { CompiledSpecifications } from "./compiled-specifications.ts";
import { withDefaults } from "./default-values.ts";
import { FailureReport, firstFailure } from "./failures.ts";
import { overlay } from "./overlay.ts";
import { parseSpecification, type SpecificationParserDeps } from "./parse-specification.ts";
import { readRecord, type SpecificationRecord, SpecificationRecords } from "./specification-records.ts";
import { TypeTable } from "./types/type-table.ts";

export interface SpecificationsDeps extends Omit<SearchesDeps, "catalog"> {
  readonly bus: Bus;
  readonly log: Logger;
  /** Name of the private index, `kuzzle`. Its collection `validations` must exist before `start`. */
  readonly index: string;
  /** Configuration `validation`: specifications by index, then by collection. Stored by a start that finds none. */
  readonly seeds: JSONObject;
  /** Of the validators' regular expressions; `js` when `realtime.pcreSupport` is set. */
  readonly regExpEngine: RegExpEngine;
}

/** Where nodes tell each other whose specification changed. */
const channel = "specifications:change";
const maxLoaded = 1_000;

/**
 * The specifications of collections: stored, known in memory on every node, and contents checked against them.
 * Source: contract/search.md section 12.
 */
export class Specifications implements ContentValidator {
  readonly #deps: SpecificationsDeps;
  readonly #collection: CollectionRef;
  readonly #searches: Searches;
  readonly #records: SpecificationRecords;
  readonly #parserDeps: SpecificationParserDeps;
  readonly #types: TypeTable;
  readonly #compiled: CompiledSpecifications;
  readonly #origin = uuid();
  #stopListening: (() => void) | undefined;
  /** Changes are read one after the other, so that the last one written is the last one read. */
  #lastReload: Promise<void> = Promise.resolve();

  constructor(deps: SpecificationsDeps) {
    this.#deps = deps;
    this.#collection = { index: deps.index, collection: "validations" };
    this.#searches = searchesOf(this.#collection, deps);
    this.#records = new SpecificationRecords(deps.store, deps.clock, this.#collection);
    this.#types = new TypeTable(deps.clock);
    this.#parserDeps = { types: this.#types, regExpEngine: deps.regExpEngine };
    this.#compiled = new CompiledSpecifications(this.#parserDeps, deps.log);
  }

  /**
   * Adds a type for fields, an object such as a `BaseValidationType`; specifications that wait for it work from then on.
   * Errors: `validation.types.missing_type_name`, `missing_function`, `already_exists` (500).
   */
  addType(type: unknown): void {
    this.#types.add(type);
    this.#compiled.retry();
  }

  /**
   * Puts types in the place of others; every specification is read again with them. Errors: those of {@link addType}, and then nothing has
   * changed.
   */
  replaceTypes(before: readonly unknown[], after: readonly unknown[]): void {
    if (before.length === 0 && after.length === 0) return;
    this.#types.replace(before, after);
    this.#compiled.readAgain();
  }

  /**
   * Loads what is stored, at most 1000, and follows the changes of other nodes. What cannot be read is logged and ignored; so the types of
   * plugins should be there before.
   */
  async start(): Promise<void> {
    this.#stopListening ??= this.#deps.bus.listen(channel, (message) => this.#hear(message));
    await this.#enqueue(() => this.#load());
  }

  stop(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  /** What is wrong with a specification, in words; empty when it is valid. */
  problemsOf(target: CollectionRef, specification: unknown): readonly string[] {
    const parsed = parseSpecification(specification, target, this.#parserDeps);
    return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
  }

  /**
   * Stores a specification in place of any former one; it is in force when the promise resolves. The collection need not exist.
   * Error: `validation.assert.invalid_specifications` (400).
   */
  async put(target: CollectionRef, specification: JSONObject): Promise<void> {
    const problems = this.problemsOf(target, specification);
    if (problems.length > 0) throw kerror("validation.assert.invalid_specifications", problems.join("\n"));
    await this.#records.put(target, specification);
    await this.#changed(target);
  }

  /** `{ index, collection, validation, _kuzzle_info }`. Error: `validation.assert.not_found` (404). */
  async get(target: CollectionRef): Promise<JSONObject> {
    const content = await this.#records.find(target);
    if (content === undefined) throw kerror("validation.assert.not_found", target.index, target.collection);
    return content;
  }

  /** Forgets a specification; nothing happens when there is none. */
  async delete(target: CollectionRef): Promise<void> {
    await this.#records.delete(target);
    await this.#changed(target);
  }

  /** Over the stored specifications, whose fields `index` and `collection` are indexed. Errors: those of {@link Searches}. */
  search(parameters: Omit<SearchParameters, "language">, signal?: AbortSignal): Promise<SearchPage> {
    const options = signal === undefined ? {} : { signal };
    return this.#searches.search([this.#collection], { ...parameters, language: "elasticsearch" }, options);
  }

  /** The next page of such a search. Errors: `services.storage.scroll_duration_too_great` (400), `unknown_scroll_id` (404). */
  scroll(scrollId: string, scroll: string | undefined, signal?: AbortSignal): Promise<SearchPage> {
    return this.#searches.scroll(scrollId, scroll, signal === undefined ? {} : { signal });
  }

  hasSpecification(target: CollectionRef): boolean {
    return this.#compiled.find(target) !== undefined;
  }

  check({ target, id, content, stored }: ContentToCheck): JSONObject {
    const specification = this.#compiled.find(target);
    if (specification === undefined) return content;
    checkContent(specification, stored === undefined ? content : overlay(content, stored), id, firstFailure);
    const { root } = specification;
    return root.defaulted.length === 0 ? content : withDefaults(root, content, stored !== undefined);
  }

  report({ target, id, content, stored }: ContentToCheck): ValidationReport {
    const report = new FailureReport();
    const specification = this.#compiled.find(target);
    if (specification !== undefined) {
      checkContent(specification, stored === undefined ? content : overlay(content, stored), id, report);
    }
    return report.result();
  }

  async #changed({ index, collection }: CollectionRef): Promise<void> {
    await this.#reload({ index, collection });
    this.#deps.bus.publish(channel, { origin: this.#origin, index, collection });
  }

  #hear(message: BusMessage): void {
    if (!isPlainObject(message) || message.origin === this.#origin) return;
    const { index, collection } = message;
    if (typeof index !== "string" || typeof collection !== "string") return;
    this.#reload({ index, collection }).catch((err: unknown) => {
      this.#deps.log.error("specifications.reload_failed", { index, collection, err });
    });
  }

  #reload(target: CollectionRef): Promise<void> {
    return this.#enqueue(async () => {
      const record = readRecord(await this.#records.find(target));
      if (record === undefined) this.#compiled.delete(target);
      else this.#compiled.set(record);
    });
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.#lastReload.then(task);
    this.#lastReload = done.catch(() => {}); // whoever asked for it gets the error
    return done;
  }

  async #load(): Promise<void> {
    const { records, ignored } = await this.#records.list(maxLoaded);
    for (const id of ignored) {
      const err = kerror("validation.assert.incorrect_validation_format", id);
      this.#deps.log.error("specifications.unreadable", { id, err });
    }
    this.#compiled.clear();
    const isEmpty = records.length + ignored.length === 0;
    for (const record of isEmpty ? await this.#seed() : records) this.#compiled.set(record);
  }

  /** Stores the configured specifications that are valid, and answers them all. */
  async #seed(): Promise<readonly SpecificationRecord[]> {
    const records: SpecificationRecord[] = [];
    for (const [index, collections] of Object.entries(this.#deps.seeds)) {
      if (!isPlainObject(collections)) continue;
      for (const [collection, validation] of Object.entries(collections)) {
        const target = { index, collection };
        records.push({ target, validation });
        if (isPlainObject(validation) && this.problemsOf(target, validation).length === 0) {
          await this.#records.put(target, validation);
        }
      }
    }
    return records;
  }
}

/** Searches that know one private collection and nothing else, with scrolls of their own. */
function searchesOf(collection: CollectionRef, deps: Omit<SearchesDeps, "catalog">): Searches {
  const catalog = new Catalog();
  catalog.add(collection, "public");
  return new Searches({ ...deps, catalog });
}

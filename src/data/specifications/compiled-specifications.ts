import { kerror, type Logger } from "../../kernel/index.ts";
import type { CollectionRef } from "../../stores/documents/index.ts";
import type { CompiledSpecification } from "./compiled-specification.ts";
import { parseSpecification, type SpecificationParserDeps } from "./parse-specification.ts";
import type { SpecificationRecord } from "./specification-records.ts";

/** What contents are checked against, by collection. What cannot be read is logged, and left out until a type that it lacks is there. */
export class CompiledSpecifications {
  readonly #deps: SpecificationParserDeps;
  readonly #log: Logger;
  /** By index, then by collection: looking one up makes no text. */
  readonly #compiled = new Map<string, Map<string, CompiledSpecification>>();
  /** What they were made from, by both names. */
  readonly #records = new Map<string, SpecificationRecord>();
  #unreadable: SpecificationRecord[] = [];

  constructor(deps: SpecificationParserDeps, log: Logger) {
    this.#deps = deps;
    this.#log = log;
  }

  find({ index, collection }: CollectionRef): CompiledSpecification | undefined {
    return this.#compiled.get(index)?.get(collection);
  }

  set(record: SpecificationRecord): void {
    const { target, validation } = record;
    this.delete(target);
    this.#records.set(keyOf(target), record);
    const parsed = parseSpecification(validation, target, this.#deps);
    if (!parsed.ok) {
      const { index, collection } = target;
      const err = kerror("validation.assert.incorrect_validation_format", `${index}/${collection}`);
      const problems = parsed.problems.map(({ message }) => message);
      this.#log.error("specifications.unreadable", { index, collection, problems, err });
      this.#unreadable.push(record);
      return;
    }
    const collections = this.#compiled.get(target.index) ?? new Map<string, CompiledSpecification>();
    this.#compiled.set(target.index, collections);
    collections.set(target.collection, parsed.specification);
  }

  delete({ index, collection }: CollectionRef): void {
    this.#records.delete(keyOf({ index, collection }));
    const collections = this.#compiled.get(index);
    collections?.delete(collection);
    if (collections?.size === 0) this.#compiled.delete(index);
    this.#unreadable = this.#unreadable.filter(
      ({ target }) => target.index !== index || target.collection !== collection,
    );
  }

  clear(): void {
    this.#compiled.clear();
    this.#records.clear();
    this.#unreadable = [];
  }

  /** Reads again what could not be read. */
  retry(): void {
    for (const record of this.#unreadable) this.set(record);
  }

  /** Reads everything again: the types have changed. */
  readAgain(): void {
    for (const record of [...this.#records.values()]) this.set(record);
  }
}

const keyOf = ({ index, collection }: CollectionRef): string => JSON.stringify([index, collection]);

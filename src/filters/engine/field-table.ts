import { isPlainObject, type JSONObject } from "../plain-object.ts";
import { readSegments } from "../read-path.ts";
import { Field } from "./field.ts";

/** With fewer fields than this it is quicker to read each than to walk through the document; measured roughly. */
const walkFrom = 48;

interface Level {
  field: Field | null;
  readonly below: Map<string, Level>;
}

/** The fields that the filters of a set ask for, by path. */
export class FieldTable {
  readonly #fields = new Map<string, Field>();
  /** The same fields, by the parts of their paths. */
  readonly #root: Level = { field: null, below: new Map() };
  /** Fields with negated literals to look at. */
  readonly #withNegations = new Set<Field>();
  /** Fields read for the current document. */
  readonly #read: Field[] = [];

  get size(): number {
    return this.#fields.size;
  }

  /** Fields that must be looked at even when a document lacks them. */
  get withNegations(): ReadonlySet<Field> {
    return this.#withNegations;
  }

  ensure(path: string): Field {
    let field = this.#fields.get(path);
    if (field === undefined) {
      field = new Field(path);
      this.#fields.set(path, field);
      this.#ensureLevel(field).field = field;
    }
    return field;
  }

  /** Forgets a field that nothing asks for any more. */
  drop(field: Field): void {
    this.#fields.delete(field.path);
    this.#dropLevel(this.#root, field.segments, 0);
  }

  noteNegations(field: Field): void {
    if (field.negations.length > 0) this.#withNegations.add(field);
    else this.#withNegations.delete(field);
  }

  /** Calls for every field that has literals to look at and that the document may have. */
  collectPresent(document: JSONObject, documentId: string | undefined, epoch: number, present: Field[]): void {
    if (this.#fields.size < walkFrom) {
      for (const field of this.#fields.values()) {
        if (field.activeLiterals > 0 && this.read(field, document, documentId, epoch) !== undefined)
          present.push(field);
      }
      return;
    }
    if (documentId !== undefined) {
      const field = this.#fields.get("_id");
      if (field !== undefined) this.#add(field, document, documentId, epoch, present);
    }
    this.#walk(document, this.#root, document, documentId, epoch, present);
  }

  /** The value of a field in the current document, read once. */
  read(field: Field, document: JSONObject, documentId: string | undefined, epoch: number): unknown {
    if (field.epoch !== epoch) {
      field.epoch = epoch;
      field.value =
        documentId !== undefined && field.path === "_id"
          ? documentId
          : readSegments(document, field.path, field.segments);
      this.#read.push(field);
    }
    return field.value;
  }

  /** Lets go of the document. */
  forgetDocument(): void {
    for (const field of this.#read) field.value = undefined;
    this.#read.length = 0;
  }

  #walk(
    object: JSONObject,
    level: Level,
    document: JSONObject,
    documentId: string | undefined,
    epoch: number,
    present: Field[],
  ): void {
    for (const key of Object.keys(object)) {
      const next = key.includes(".") ? descend(level, key) : level.below.get(key);
      if (next === undefined) continue;
      if (next.field !== null) this.#add(next.field, document, documentId, epoch, present);
      if (next.below.size > 0) {
        const value = object[key];
        if (isPlainObject(value)) this.#walk(value, next, document, documentId, epoch, present);
      }
    }
  }

  /** A field can be reached twice: through nested objects and through a key with dots. */
  #add(field: Field, document: JSONObject, documentId: string | undefined, epoch: number, present: Field[]): void {
    if (field.activeLiterals === 0 || field.epoch === epoch) return;
    if (this.read(field, document, documentId, epoch) !== undefined) present.push(field);
  }

  #ensureLevel(field: Field): Level {
    let level = this.#root;
    for (const segment of field.segments) {
      let next = level.below.get(segment);
      if (next === undefined) {
        next = { field: null, below: new Map() };
        level.below.set(segment, next);
      }
      level = next;
    }
    return level;
  }

  #dropLevel(level: Level, segments: readonly string[], depth: number): void {
    const segment = segments[depth];
    if (segment === undefined) {
      level.field = null;
      return;
    }
    const next = level.below.get(segment);
    if (next === undefined) return;
    this.#dropLevel(next, segments, depth + 1);
    if (next.field === null && next.below.size === 0) level.below.delete(segment);
  }
}

function descend(level: Level, key: string): Level | undefined {
  let current: Level | undefined = level;
  for (const segment of key.split(".")) {
    current = current.below.get(segment);
    if (current === undefined) return undefined;
  }
  return current;
}

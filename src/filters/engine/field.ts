import { conditionForm } from "../canonical-form.ts";
import { judge, judgePoint, NO, type Verdict } from "../evaluate.ts";
import type { Condition, Scalar } from "../filter.ts";
import { type GeoPoint, parseGeoPoint } from "../geo/geo-point.ts";
import { GeoGrid } from "./geo-grid.ts";
import { IndexedCondition, type Literal } from "./indexed-condition.ts";
import { IntervalTree } from "./interval-tree.ts";
import { TextIndex } from "./text-index.ts";

/** Everything the filters of a set ask of one field, and the field's value in the document being matched. */
export class Field {
  readonly path: string;
  readonly segments: readonly string[];
  /** The match call that `value` belongs to. */
  epoch = 0;
  value: unknown = undefined;
  /** Literals that hold for values only, with filters to look at. */
  activeLiterals = 0;
  /** Negated ones with filters to look at: they may hold when the field is missing. */
  readonly negations: Literal[] = [];

  #size = 0;
  #exists: IndexedCondition | null = null;
  #equals: Map<Scalar, IndexedCondition> | null = null;
  #contains: Map<Scalar, IndexedCondition> | null = null;
  #others: Map<string, IndexedCondition> | null = null;
  #ranges: IntervalTree | null = null;
  #areas: GeoGrid | null = null;
  #texts: TextIndex | null = null;
  /** Literals that no index serves: patterns, structures, selections. */
  readonly #scanned: Literal[] = [];
  #equalsReferences = 0;
  #containsReferences = 0;
  #pointEpoch = 0;
  #point: GeoPoint | undefined = undefined;

  constructor(path: string) {
    this.path = path;
    this.segments = path.split(".");
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** The one object of this set for the condition, with one more reference. */
  acquire(condition: Condition): IndexedCondition {
    let indexed = this.#find(condition);
    if (indexed === undefined) {
      indexed = new IndexedCondition(this, condition);
      this.#store(condition, indexed);
      this.#size++;
    }
    indexed.references++;
    if (condition.kind === "equals") this.#equalsReferences++;
    if (condition.kind === "contains") this.#containsReferences++;
    return indexed;
  }

  /** Gives one reference back; the last one takes the condition away. */
  release(indexed: IndexedCondition): void {
    const { condition } = indexed;
    indexed.references--;
    if (condition.kind === "equals") this.#equalsReferences--;
    if (condition.kind === "contains") this.#containsReferences--;
    if (indexed.references > 0) return;
    this.#size--;
    if (condition.kind === "exists") this.#exists = null;
    else if (condition.kind === "equals") this.#equals?.delete(condition.value);
    else if (condition.kind === "contains") this.#contains?.delete(condition.value);
    else this.#others?.delete(conditionForm(condition));
  }

  #find(condition: Condition): IndexedCondition | undefined {
    if (condition.kind === "exists") return this.#exists ?? undefined;
    if (condition.kind === "equals") return this.#equals?.get(condition.value);
    if (condition.kind === "contains") return this.#contains?.get(condition.value);
    return this.#others?.get(conditionForm(condition));
  }

  #store(condition: Condition, indexed: IndexedCondition): void {
    if (condition.kind === "exists") {
      this.#exists = indexed;
    } else if (condition.kind === "equals") {
      this.#equals ??= new Map();
      this.#equals.set(condition.value, indexed);
    } else if (condition.kind === "contains") {
      this.#contains ??= new Map();
      this.#contains.set(condition.value, indexed);
    } else {
      this.#others ??= new Map();
      this.#others.set(conditionForm(condition), indexed);
    }
  }

  /** Puts a literal where `collect` finds it; called when it gets its first posting. */
  activate(literal: Literal): void {
    if (literal.negated) {
      enlist(this.negations, literal);
      return;
    }
    this.activeLiterals++;
    const { condition } = literal.condition;
    switch (condition.kind) {
      case "exists":
      case "equals":
      case "contains":
        return;
      case "range":
        this.#ranges ??= new IntervalTree();
        this.#ranges.add(literal, condition.low, condition.high);
        return;
      case "geo":
        this.#areas ??= new GeoGrid();
        this.#areas.add(literal, condition.shape.bounds);
        return;
      case "regexp":
        this.#texts ??= new TextIndex();
        if (!this.#texts.add(literal, condition.pattern.requiredText)) enlist(this.#scanned, literal);
        return;
      default:
        enlist(this.#scanned, literal);
    }
  }

  /** Undoes `activate`; called when the last posting is gone. */
  deactivate(literal: Literal): void {
    if (literal.negated) {
      strike(this.negations, literal);
      return;
    }
    this.activeLiterals--;
    const { condition } = literal.condition;
    switch (condition.kind) {
      case "exists":
      case "equals":
      case "contains":
        return;
      case "range":
        this.#ranges?.remove(literal, condition.low);
        return;
      case "geo":
        this.#areas?.remove(literal, condition.shape.bounds);
        return;
      case "regexp":
        if (this.#scanned[literal.position] === literal) strike(this.#scanned, literal);
        else this.#texts?.remove(literal);
        return;
      default:
        strike(this.#scanned, literal);
    }
  }

  /** Appends the literals, not the negated ones, that may hold for a value. */
  collect(value: unknown, epoch: number, found: Literal[]): void {
    if (this.#exists !== null) append(this.#exists, found);
    if (this.#equals !== null) {
      const indexed = this.#equals.get(value as Scalar); // a key of another type is simply not there
      if (indexed !== undefined) append(indexed, found);
    }
    if (this.#contains !== null && Array.isArray(value)) {
      for (const element of value as readonly unknown[]) {
        const indexed = this.#contains.get(element as Scalar); // as above
        if (indexed !== undefined) append(indexed, found);
      }
    }
    if (this.#ranges !== null && typeof value === "number") this.#ranges.collect(value, found);
    if (this.#areas !== null) {
      const point = this.#pointAt(epoch);
      if (point !== undefined) this.#areas.collect(point, found);
    }
    if (this.#texts !== null && typeof value === "string") this.#texts.collect(value, epoch, found);
    for (const literal of this.#scanned) found.push(literal);
  }

  /** What a condition of this field says of the current value. */
  judge(condition: Condition, epoch: number): Verdict {
    if (condition.kind !== "geo") return judge(condition, this.value);
    return this.value === undefined ? NO : judgePoint(condition.shape, this.value, this.#pointAt(epoch));
  }

  /** About how likely a literal is to hold, and to be worth a look: what many filters ask for is often there. */
  likelihood(literal: Literal): number {
    const { condition, references } = literal.condition;
    if (literal.negated) return condition.kind === "exists" ? 0.5 : 1;
    switch (condition.kind) {
      case "equals":
        return (references + 1) / (this.#equalsReferences + 10);
      case "contains":
        return (2 * (references + 1)) / (this.#containsReferences + 10);
      case "range":
        return Number.isFinite(condition.high - condition.low) ? 0.25 : 0.5;
      case "geo": {
        const { south, west, north, east } = condition.shape.bounds;
        return 0.05 + ((north - south) * (east - west)) / (180 * 360);
      }
      case "exists":
        return 0.6;
      // These have to be computed for every value.
      case "match":
      case "select":
        return 0.8;
      case "regexp":
        return condition.pattern.requiredText === "" ? 0.9 : 0.2;
    }
  }

  #pointAt(epoch: number): GeoPoint | undefined {
    if (this.#pointEpoch !== epoch) {
      this.#pointEpoch = epoch;
      this.#point = parseGeoPoint(this.value);
    }
    return this.#point;
  }
}

function append(indexed: IndexedCondition, found: Literal[]): void {
  if (indexed.plain !== null && indexed.plain.postings.length > 0) found.push(indexed.plain);
}

function enlist(list: Literal[], literal: Literal): void {
  literal.position = list.length;
  list.push(literal);
}

function strike(list: Literal[], literal: Literal): void {
  const last = list.pop();
  if (last !== undefined && last !== literal) {
    list[literal.position] = last;
    last.position = literal.position;
  }
  literal.position = -1;
}

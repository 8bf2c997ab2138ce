import { createAnalysis } from "../../../mapping/analysis/analysis.ts";
import type { CompiledMapping, FieldNode } from "../../../mapping/compile-mapping.ts";
import { keywordType } from "../../../mapping/types/keyword.ts";
import type { Budget } from "../budget.ts";
import { LentArrays } from "../lent-arrays.ts";
import { constantField } from "../segment/constant-field.ts";
import type { FieldStore } from "../segment/field-store.ts";
import { findStore } from "../segment/key-view.ts";
import type { KeywordField } from "../segment/keyword-field.ts";
import type { SegmentSnapshot } from "../segment/segment.ts";
import { emptySpace, type Space } from "../segment/space.ts";
import type { TextField } from "../segment/text-field.ts";
import type { Matcher } from "./matchers/matcher.ts";
import { malformed } from "./parameters.ts";
import { type FieldStatistics, flat, type TermStatistics } from "./scoring/term-statistics.ts";

/** A field of a query: what the mapping says, and the values, if any document has some. */
export interface QueryField {
  readonly node: FieldNode;
  readonly store: FieldStore | undefined;
}

/** Compiles `{clause: body}`. */
export type QueryCompiler = (query: unknown, context: QueryContext) => Generator<void, Matcher>;

/** One segment as it is now, for one search. */
export interface QueryScope {
  readonly mapping: CompiledMapping;
  readonly snapshot: SegmentSnapshot;
  readonly statistics: TermStatistics;
  /** Documents of the collection in the segments before this one: what orders documents of several. */
  readonly firstDoc: number;
  readonly now: number;
  readonly budget: Budget;
  readonly compiler: QueryCompiler;
  /** For what matchers need while the search runs; without, it is theirs. */
  readonly arrays?: LentArrays;
}

/** Where a query is compiled: one segment as it is now, and in it the documents or the nested objects of one path. */
export class QueryContext {
  readonly mapping: CompiledMapping;
  readonly snapshot: SegmentSnapshot;
  readonly statistics: TermStatistics;
  readonly firstDoc: number;
  readonly now: number;
  readonly budget: Budget;
  readonly compiler: QueryCompiler;
  readonly arrays: LentArrays;
  readonly #scope: QueryScope;
  readonly space: Space;
  /** Documents (or nested objects) below this number are searched. */
  readonly maxDoc: number;
  /** Clauses so far, and terms that fuzzy words stand for; shared with the contexts inside. */
  readonly spent: { clauses: number; depth: number; terms: number };

  constructor(scope: QueryScope, path = "", spent = { clauses: 0, depth: 0, terms: 0 }) {
    const { mapping, snapshot, statistics, firstDoc, now, budget, compiler, arrays = new LentArrays() } = scope;
    this.#scope = scope;
    this.mapping = mapping;
    this.snapshot = snapshot;
    this.statistics = statistics;
    this.firstDoc = firstDoc;
    this.now = now;
    this.budget = budget;
    this.compiler = compiler;
    this.arrays = arrays;
    this.space = snapshot.segment.space(path) ?? emptySpace(path);
    this.maxDoc = path === "" ? snapshot.maxDoc : (snapshot.counts.get(path) ?? 0);
    this.spent = spent;
  }

  /** The same search inside the nested objects of a path. */
  inside(path: string): QueryContext {
    return new QueryContext(this.#scope, path, this.spent);
  }

  /** The same search in all segments of the collection, this one included. */
  everywhere(): QueryContext[] {
    let firstDoc = 0;
    return this.statistics.segments.map((snapshot) => {
      const context = new QueryContext({ ...this.#scope, snapshot, firstDoc }, this.space.path, this.spent);
      firstDoc += snapshot.maxDoc;
      return context;
    });
  }

  /** A query within a query; the compiler is handed on, so that clauses need not import what imports them. */
  compile(query: unknown): Generator<void, Matcher> {
    return this.compiler(query, this);
  }

  /**
   * Undefined for fields that are not mapped, or lie in other nested objects: no document matches on them. Fields of features are refused: only those
   * who know of them may ask for them, by `known`.
   */
  field(path: string): QueryField | undefined {
    const found = this.known(path);
    if (found?.node.family === "feature")
      throw malformed(`Field "${path}" of type ${found.node.type} is asked for by "rank_feature" only.`);
    return found;
  }

  known(path: string): QueryField | undefined {
    if (path === "_id") return this.space.path === "" ? { node: idNode, store: this.snapshot.segment.ids } : undefined;
    const node = this.mapping.fields.get(path) ?? this.#keyOf(path);
    if (node === undefined) return undefined;
    const { nestedPath, alsoIn } = node;
    if (nestedPath !== this.space.path && !alsoIn.includes(this.space.path)) return undefined;
    return { node, store: this.#storeOf(node) };
  }

  /** A key of a `flattened` field, as a field. */
  #keyOf(path: string): FieldNode | undefined {
    for (const field of this.mapping.flattened)
      if (path.startsWith(`${field.path}.`)) return { ...field, path, keyed: undefined };
    return undefined;
  }

  #storeOf({ type, path, definition }: FieldNode): FieldStore | undefined {
    if (type !== "constant_keyword") return findStore(this.space.fields, path);
    const { value } = definition;
    return value === undefined ? undefined : constantField(this.snapshot.segment, String(value), this.maxDoc);
  }

  /** What scores of a field's terms are made of. */
  statisticsOf({ node }: QueryField, store: KeywordField | TextField): FieldStatistics {
    const statistics = this.statistics.of(this.space.path, node.path, store);
    return node.definition.similarity === "boolean" && !statistics.isPlain ? flat(statistics) : statistics;
  }
}

const idNode: FieldNode = {
  kind: "field",
  path: "_id",
  type: "_id",
  definition: {},
  nestedPath: "",
  alsoIn: [],
  boost: 1,
  keyed: undefined,
  nullValue: undefined,
  ignoreMalformed: false,
  indexed: true,
  subfields: [],
  copyTo: [],
  ...keywordType.compile({}, createAnalysis()),
  // Identifiers are all equally rare.
  isUnweighed: true,
};

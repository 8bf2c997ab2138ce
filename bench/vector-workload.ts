import { Sequence } from "./million/documents.ts";

/** Of so many vectors one passes a filter for a kind. */
const kinds = 20;
const wantedKind = 7;

/** Vectors in clusters, as those of texts and pictures lie, and which of them are truly the nearest. */
export class VectorWorkload {
  readonly mappings;
  readonly count: number;
  readonly #dims: number;
  readonly #random = new Sequence();
  readonly #places: readonly Float64Array[];
  readonly #all: Float32Array;

  constructor(count: number, dims: number) {
    this.count = count;
    this.#dims = dims;
    this.#all = new Float32Array(count * dims);
    this.#places = Array.from({ length: 1_000 }, () => Float64Array.from({ length: dims }, () => this.#spread()));
    const vector = { type: "dense_vector", dims, similarity: "cosine" };
    this.mappings = { properties: { vector, kind: { type: "keyword" } } };
  }

  #spread(): number {
    return this.#random.next() + this.#random.next() + this.#random.next() - 1.5;
  }

  /** Of three decimals, as they are written in JSON. */
  newVector(): Float64Array {
    const place = this.#places[this.#random.below(this.#places.length)] as Float64Array; // the index is inside
    return place.map((value) => Math.round((value + this.#spread() * 0.5) * 1_000) / 1_000);
  }

  /** The next documents, in batches. */
  *documents(batch: number): Generator<readonly { readonly id: string; readonly source: string }[]> {
    for (let from = 0; from < this.count; from += batch)
      yield Array.from({ length: Math.min(batch, this.count - from) }, (_, i) => {
        const own = this.newVector();
        this.#all.set(own, (from + i) * this.#dims);
        const source = JSON.stringify({ vector: [...own], kind: `kind${(from + i) % kinds}` });
        return { id: `d${from + i}`, source };
      });
  }

  /** The searches that are measured, by name. */
  static readonly searches: Readonly<Record<string, object>> = {
    "ten nearest": {},
    "ten nearest of 1000 candidates": { num_candidates: 1_000 },
    "ten nearest of a twentieth": { filter: { term: { kind: `kind${wantedKind}` } } },
  };

  /** A body that asks for them; `more` is one of {@link searches}. */
  static body(query: Float64Array, more: object) {
    return {
      knn: { field: "vector", query_vector: [...query], k: 10, num_candidates: 100, ...more },
      _source: false,
    };
  }

  /** The identifiers of the ten nearest, by comparing every vector. */
  trueNearest(query: Float64Array, more: object): string[] {
    const isFiltered = "filter" in more;
    const best: { id: string; score: number }[] = [];
    const dims = this.#dims;
    for (let row = isFiltered ? wantedKind : 0; row < this.count; row += isFiltered ? kinds : 1) {
      let [dot, square] = [0, 0];
      for (let i = 0, at = row * dims; i < dims; i++, at++) {
        const value = this.#all[at] as number;
        dot += value * (query[i] as number);
        square += value * value;
      }
      const score = dot / Math.sqrt(square);
      if (best.length === 10 && score <= (best[9]?.score ?? 0)) continue;
      best.push({ id: `d${row}`, score });
      best.sort((a, b) => b.score - a.score);
      best.length = Math.min(best.length, 10);
    }
    return best.map(({ id }) => id);
  }
}

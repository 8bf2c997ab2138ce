/** Up to so many vectors are compared one by one: it takes a few milliseconds. */
export const fewVectors = 10_000;

/** Vectors of which the centres of groups are learnt, for each group. */
const samplesPerGroup = 100;
const rounds = 6;

/** Rows of vectors in groups of neighbours: a search looks into the groups whose centres are nearest. */
export class VectorClusters {
  readonly dims: number;
  /** One after the other. */
  readonly centres: Float32Array;
  /** The rows of group `n` are `rows[starts[n]]` to `rows[starts[n + 1] - 1]`. */
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;

  constructor(dims: number, centres: Float32Array, starts: Uint32Array, rows: Uint32Array) {
    this.dims = dims;
    this.centres = centres;
    this.starts = starts;
    this.rows = rows;
  }

  get memory(): number {
    return this.centres.byteLength + this.starts.byteLength + this.rows.byteLength;
  }

  get count(): number {
    return this.starts.length - 1;
  }

  /** The groups, the nearest to a vector first. */
  nearest(vector: Float32Array): Uint32Array {
    const distances = new Float64Array(this.count);
    for (let group = 0; group < distances.length; group++)
      distances[group] = squareDistance(this.centres, group * this.dims, vector, 0, this.dims);
    return Uint32Array.from(distances.keys()).sort((a, b) => (distances[a] as number) - (distances[b] as number));
  }
}

/** Sum of the squares of the differences between two vectors. */
export function squareDistance(a: Float32Array, atA: number, b: Float32Array, atB: number, dims: number): number {
  let [first, second] = [0, 0];
  let i = 0;
  // Two sums, so that one addition need not wait for the other.
  for (; i + 1 < dims; i += 2) {
    const one = (a[atA + i] as number) - (b[atB + i] as number);
    const other = (a[atA + i + 1] as number) - (b[atB + i + 1] as number);
    first += one * one;
    second += other * other;
  }
  if (i < dims) first += ((a[atA + i] as number) - (b[atB + i] as number)) ** 2;
  return first + second;
}

export function dotProduct(a: Float32Array, atA: number, b: Float32Array, atB: number, dims: number): number {
  let [first, second] = [0, 0];
  let i = 0;
  for (; i + 1 < dims; i += 2) {
    first += (a[atA + i] as number) * (b[atB + i] as number);
    second += (a[atA + i + 1] as number) * (b[atB + i + 1] as number);
  }
  if (i < dims) first += (a[atA + i] as number) * (b[atB + i] as number);
  return first + second;
}

/**
 * Puts vectors into about as many groups as each then has members (k-means). In two steps, large groups and groups inside of them: each
 * vector is compared with twice the fourth root of their number, and not with its square root.
 */
export function* clusterVectors(
  values: Float32Array,
  dims: number,
  pause: () => Generator<void, void>,
): Generator<void, VectorClusters> {
  const count = values.length / dims;
  const breadth = Math.max(2, Math.round(count ** 0.25));
  const all = Uint32Array.from({ length: count }, (_, row) => row);
  const outer = yield* group(values, dims, all, breadth, pause);
  const centres: number[] = [];
  const starts: number[] = [0];
  const rows = new Uint32Array(count);
  let used = 0;
  for (const members of outer) {
    const inner = yield* group(values, dims, members, Math.max(1, Math.round(members.length / breadth ** 2)), pause);
    for (const own of inner) {
      if (own.length === 0) continue;
      rows.set(own, used);
      used += own.length;
      starts.push(used);
      for (const value of centreOf(values, dims, own)) centres.push(value);
    }
  }
  return new VectorClusters(dims, Float32Array.from(centres), Uint32Array.from(starts), rows);
}

/** Some rows in `breadth` groups, each around its centre. */
function* group(
  values: Float32Array,
  dims: number,
  rows: Uint32Array,
  breadth: number,
  pause: () => Generator<void, void>,
): Generator<void, Uint32Array[]> {
  if (breadth === 1) return [rows];
  const sample = evenly(rows, breadth * samplesPerGroup);
  let centres = new Float32Array(breadth * dims);
  for (const [i, row] of evenly(sample, breadth).entries())
    centres.set(values.subarray(row * dims, (row + 1) * dims), i * dims);
  for (let round = 0; round < rounds; round++) {
    const groups = yield* assign(values, dims, sample, centres, breadth, pause);
    const moved = centres.slice();
    for (const [i, own] of groups.entries()) if (own.length > 0) moved.set(centreOf(values, dims, own), i * dims);
    centres = moved;
  }
  return yield* assign(values, dims, rows, centres, breadth, pause);
}

/** So many of the rows, in equal steps. */
function evenly(rows: Uint32Array, count: number): Uint32Array {
  if (count >= rows.length) return rows;
  return Uint32Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)] as number);
}

function* assign(
  values: Float32Array,
  dims: number,
  rows: Uint32Array,
  centres: Float32Array,
  breadth: number,
  pause: () => Generator<void, void>,
): Generator<void, Uint32Array[]> {
  const groups: number[][] = Array.from({ length: breadth }, () => []);
  for (let i = 0; i < rows.length; i++) {
    if ((i & 15) === 15) yield* pause();
    const row = rows[i] as number;
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let centre = 0; centre < breadth; centre++) {
      const distance = squareDistance(centres, centre * dims, values, row * dims, dims);
      if (distance >= least) continue;
      least = distance;
      nearest = centre;
    }
    groups[nearest]?.push(row);
  }
  return groups.map((own) => Uint32Array.from(own));
}

function centreOf(values: Float32Array, dims: number, rows: Uint32Array): Float32Array {
  const sums = new Float64Array(dims);
  for (const row of rows)
    for (let i = 0; i < dims; i++) sums[i] = (sums[i] as number) + (values[row * dims + i] as number);
  return Float32Array.from(sums, (sum) => sum / rows.length);
}

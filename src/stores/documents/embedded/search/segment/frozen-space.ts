import type { FieldTable, Space } from "./space.ts";

/** A space of a frozen segment. */
export class FrozenSpace implements Space {
  readonly path: string;
  readonly parent: FrozenSpace | undefined;
  readonly fields: FieldTable;
  readonly count: number;
  readonly parentOf: Uint32Array;
  #firstChild: Uint32Array | undefined;

  constructor(path: string, parent: FrozenSpace | undefined, fields: FieldTable, count: number, parents: Uint32Array) {
    this.path = path;
    this.parent = parent;
    this.fields = fields;
    this.count = count;
    this.parentOf = parents;
  }

  firstChild(parent: number): number {
    this.#firstChild ??= firstChildren(this.parentOf, this.parent?.count ?? 0);
    return parent < this.#firstChild.length ? (this.#firstChild[parent] as number) : this.count;
  }
}

/** Objects of one parent are neighbours, in the order of their parents. */
function firstChildren(parentOf: Uint32Array, parents: number): Uint32Array {
  const first = new Uint32Array(parents);
  let child = 0;
  for (let parent = 0; parent < parents; parent++) {
    while (child < parentOf.length && (parentOf[child] as number) < parent) child++;
    first[parent] = child;
  }
  return first;
}

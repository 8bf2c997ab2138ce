import type { Literal } from "./indexed-condition.ts";

interface IntervalNode {
  readonly literal: Literal;
  readonly low: number;
  readonly high: number;
  /** Tells intervals with equal lower bounds apart. */
  readonly serial: number;
  /** Each node's is above its children's, which keeps the tree balanced, whatever the order of insertion. */
  readonly priority: number;
  /** The largest `high` of the node and all below it. */
  maxHigh: number;
  left: IntervalNode | null;
  right: IntervalNode | null;
}

/** The ranges of one field: finds those around a number without looking at the others. A treap with interval ends. */
export class IntervalTree {
  #root: IntervalNode | null = null;
  #serial = 0;

  /** Keeps the literal under its range; `literal.position` belongs to the tree until it is removed. */
  add(literal: Literal, low: number, high: number): void {
    literal.position = this.#serial;
    const node: IntervalNode = {
      literal,
      low,
      high,
      serial: this.#serial++,
      priority: Math.random(),
      maxHigh: high,
      left: null,
      right: null,
    };
    this.#root = insert(this.#root, node);
  }

  remove(literal: Literal, low: number): void {
    this.#root = remove(this.#root, low, literal.position);
    literal.position = -1;
  }

  /** Appends the literals whose range, bounds included, contains the value. */
  collect(value: number, found: Literal[]): void {
    collect(this.#root, value, found);
  }
}

function isBefore(low: number, serial: number, node: IntervalNode): boolean {
  return low < node.low || (low === node.low && serial < node.serial);
}

function refresh(node: IntervalNode): void {
  let max = node.high;
  if (node.left !== null && node.left.maxHigh > max) max = node.left.maxHigh;
  if (node.right !== null && node.right.maxHigh > max) max = node.right.maxHigh;
  node.maxHigh = max;
}

function insert(root: IntervalNode | null, node: IntervalNode): IntervalNode {
  if (root === null) return node;
  if (node.priority > root.priority) {
    [node.left, node.right] = split(root, node.low, node.serial);
    refresh(node);
    return node;
  }
  if (isBefore(node.low, node.serial, root)) root.left = insert(root.left, node);
  else root.right = insert(root.right, node);
  refresh(root);
  return root;
}

/** Cuts a tree into what lies before a place and what does not. */
function split(
  root: IntervalNode | null,
  low: number,
  serial: number,
): [before: IntervalNode | null, after: IntervalNode | null] {
  if (root === null) return [null, null];
  if (isBefore(low, serial, root)) {
    const [before, after] = split(root.left, low, serial);
    root.left = after;
    refresh(root);
    return [before, root];
  }
  const [before, after] = split(root.right, low, serial);
  root.right = before;
  refresh(root);
  return [root, after];
}

function merge(before: IntervalNode | null, after: IntervalNode | null): IntervalNode | null {
  if (before === null) return after;
  if (after === null) return before;
  if (before.priority > after.priority) {
    before.right = merge(before.right, after);
    refresh(before);
    return before;
  }
  after.left = merge(before, after.left);
  refresh(after);
  return after;
}

function remove(root: IntervalNode | null, low: number, serial: number): IntervalNode | null {
  if (root === null) return null;
  if (root.low === low && root.serial === serial) return merge(root.left, root.right);
  if (isBefore(low, serial, root)) root.left = remove(root.left, low, serial);
  else root.right = remove(root.right, low, serial);
  refresh(root);
  return root;
}

function collect(node: IntervalNode | null, value: number, found: Literal[]): void {
  if (node === null || node.maxHigh < value) return;
  collect(node.left, value, found);
  if (node.low > value) return;
  if (node.high >= value) found.push(node.literal);
  collect(node.right, value, found);
}

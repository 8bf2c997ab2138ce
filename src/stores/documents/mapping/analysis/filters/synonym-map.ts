/** What stands for a row of words. */
export interface SynonymEntry {
  /** The words themselves stay. */
  keepsOriginal: boolean;
  /** Each a row of words. */
  readonly outputs: (readonly string[])[];
}

/** Rows of words, by their words: a tree, so that the longest row at a place is found in one walk. */
export class SynonymMap {
  readonly #root: SynonymNode = { next: new Map(), entry: undefined };
  size = 0;

  add(input: readonly string[], output: readonly string[], keepsOriginal: boolean): void {
    let node = this.#root;
    for (const word of input) {
      let next = node.next.get(word);
      if (next === undefined) {
        next = { next: new Map(), entry: undefined };
        node.next.set(word, next);
      }
      node = next;
    }
    node.entry ??= { keepsOriginal: false, outputs: [] };
    if (keepsOriginal) node.entry.keepsOriginal = true;
    const key = output.join("\0");
    if (!node.entry.outputs.some((one) => one.join("\0") === key)) node.entry.outputs.push(output);
    this.size++;
  }

  /** The longest row that begins at word `from` of `count`. */
  find(
    wordAt: (i: number) => string,
    from: number,
    count: number,
  ): { readonly length: number; readonly entry: SynonymEntry } | undefined {
    let node: SynonymNode | undefined = this.#root;
    let found: { length: number; entry: SynonymEntry } | undefined;
    for (let i = from; i < count; i++) {
      node = node.next.get(wordAt(i));
      if (node === undefined) break;
      if (node.entry !== undefined) found = { length: i + 1 - from, entry: node.entry };
    }
    return found;
  }
}

interface SynonymNode {
  readonly next: Map<string, SynonymNode>;
  entry: SynonymEntry | undefined;
}

/** Places in the shared memory. */
export const markCells = { tick: 0, running: 1, last: 2, length: 4 } as const;

/** A piece of a plugin's code that can be entered. */
export interface MarkName {
  readonly plugin: string;
  /** `pipe document:beforeCreate`, `action shelf:count`, `init` */
  readonly what: string;
}

/**
 * Which plugin's code runs, as numbers in memory that another thread can read while the event loop stands still. Only what runs without a break
 * is seen: after an `await`, and in timers, nothing is entered; `last` then says what was entered last.
 */
export class RunningMarks {
  readonly memory = new SharedArrayBuffer(markCells.length * Int32Array.BYTES_PER_ELEMENT);
  /** Plain stores, no atomic ones: a late value does no harm here, and a fence with every call would cost more than the call. */
  readonly #cells = new Int32Array(this.memory);
  readonly #names: MarkName[] = [{ plugin: "", what: "" }];
  readonly #byName = new Map<string, number>();
  #onName: ((mark: number, name: MarkName) => void) | undefined;

  /** The number of a name, the same for the same; 0 is nobody's. */
  markOf(plugin: string, what: string): number {
    const key = `${plugin} ${what}`;
    const known = this.#byName.get(key);
    if (known !== undefined) return known;
    const name = { plugin, what };
    const mark = this.#names.push(name) - 1;
    this.#byName.set(key, mark);
    this.#onName?.(mark, name);
    return mark;
  }

  nameOf(mark: number): MarkName | undefined {
    return mark === 0 ? undefined : this.#names[mark];
  }

  /** What was entered last, and may have been left since. */
  get last(): MarkName | undefined {
    return this.nameOf(this.#cells[markCells.last] as number);
  }

  /** Tells all names, those there are and those to come. */
  follow(onName: (mark: number, name: MarkName) => void): void {
    this.#onName = onName;
    for (const [mark, name] of this.#names.entries()) onName(mark, name);
  }

  /** Answers what {@link leave} needs. */
  enter(mark: number): number {
    const cells = this.#cells;
    const before = cells[markCells.running] as number;
    cells[markCells.running] = mark;
    cells[markCells.last] = mark;
    return before;
  }

  leave(before: number): void {
    this.#cells[markCells.running] = before;
  }

  /** The event loop turns. */
  tick(): void {
    this.#cells[markCells.tick] = ((this.#cells[markCells.tick] as number) + 1) | 0;
  }
}

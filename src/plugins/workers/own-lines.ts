/**
 * Marks the lines that processes of plugins cause, by what they print or by failing. A plugin that writes the log would otherwise hear of its own
 * line, print it, and so on for ever.
 */
export class OwnLines {
  #isWriting = false;

  /** True while such a line is logged: whatever is fired meanwhile is not for processes. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  write(log: () => void): void {
    this.#isWriting = true;
    try {
      log();
    } finally {
      this.#isWriting = false;
    }
  }
}

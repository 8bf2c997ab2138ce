import type { Readable } from "node:stream";

/** What one stream of a process may cost the server; beyond it the stream is left unread for a while, and the process waits. */
const budget = { periodMs: 1_000, lines: 1_000, characters: 256 * 1_024, line: 8 * 1_024 } as const;

/** Reads what a process writes, line by line, at a bounded pace. */
export class OutputLines {
  readonly #stream: Readable;
  readonly #onLine: (line: string) => void;
  readonly #onThrottled: () => void;
  #text = "";
  #linesLeft: number = budget.lines;
  #charactersLeft: number = budget.characters;
  #periodEndsAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: Readable, onLine: (line: string) => void, onThrottled: () => void) {
    this.#stream = stream;
    this.#onLine = onLine;
    this.#onThrottled = onThrottled;
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      this.#text += chunk;
      this.#forward();
    });
    stream.on("end", () => {
      if (this.#text !== "") this.#take(this.#text);
      this.#text = "";
    });
    stream.on("error", () => {}); // it ends with its process, which is told elsewhere
  }

  #forward(): void {
    const now = performance.now();
    if (now >= this.#periodEndsAt) {
      this.#periodEndsAt = now + budget.periodMs;
      this.#linesLeft = budget.lines;
      this.#charactersLeft = budget.characters;
    }
    let from = 0;
    while (this.#linesLeft > 0 && this.#charactersLeft > 0) {
      const end = this.#text.indexOf("\n", from);
      if (end < 0 && this.#text.length - from < budget.line) break;
      const to = end < 0 || end - from > budget.line ? from + budget.line : end;
      this.#take(this.#text.slice(from, to));
      from = to === end ? end + 1 : to;
    }
    this.#text = this.#text.slice(from);
    if (this.#linesLeft <= 0 || this.#charactersLeft <= 0) this.#wait(this.#periodEndsAt - now);
  }

  #take(line: string): void {
    this.#linesLeft--;
    this.#charactersLeft -= line.length;
    if (line !== "") this.#onLine(line);
  }

  #wait(periodMs: number): void {
    if (this.#timer !== undefined) return;
    this.#stream.pause();
    this.#onThrottled();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#forward();
      if (this.#timer === undefined) this.#stream.resume();
    }, periodMs);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stream.destroy();
  }
}

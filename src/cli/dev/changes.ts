import type { Change } from "./watch-application.ts";

/** Changes that belong together: an editor saves several files, or one in several steps. */
export interface ChangeSet {
  /** Files of the application, from its root. */
  readonly application: readonly string[];
  /** By folder of the plugin: the files that have changed in it. */
  readonly plugins: ReadonlyMap<string, readonly string[]>;
}

/** So long nothing must happen before what has happened is looked at. */
const quietMs = 50;

/** Gathers changes until there is quiet. */
export class Changes {
  readonly #onQuiet: (changes: ChangeSet) => void;
  #application = new Set<string>();
  #plugins = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(onQuiet: (changes: ChangeSet) => void) {
    this.#onQuiet = onQuiet;
  }

  add(change: Change): void {
    if (change.kind === "application") this.#application.add(change.file);
    else {
      const files = this.#plugins.get(change.path) ?? new Set<string>();
      this.#plugins.set(change.path, files);
      if (change.file !== "") files.add(change.file);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), quietMs);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    const plugins = new Map([...this.#plugins].map(([path, files]) => [path, [...files].sort()]));
    const application = [...this.#application].sort();
    this.#plugins = new Map();
    this.#application = new Set();
    this.#onQuiet({ application, plugins });
  }
}

import { Session } from "node:inspector";
import { fileURLToPath } from "node:url";

/** Where the blocked code is. */
export interface RunningLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Of the function; "" when it has none. */
  readonly name: string;
}

interface Frame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number };
}

/** JavaScript comes to a pause within a moment, on a busy machine within seconds; what is native does not, and is not waited for. */
const patienceMs = { line: 2_000, exit: 10_000 };

/**
 * The main thread, seen from another while its code runs without an end: the inspector interrupts it. Each is used once.
 */
export class BlockedThread {
  readonly #session = new Session();
  readonly #files = new Map<string, string>();

  /** The line of the innermost function that is not of Node itself. Undefined when the thread could not be interrupted. */
  async runningLine(): Promise<RunningLine | undefined> {
    try {
      const frames = await this.#pause(patienceMs.line);
      for (const { functionName, location } of frames ?? []) {
        const file = this.#files.get(location.scriptId) ?? "";
        if (file !== "" && !file.startsWith("node:"))
          return { file, line: location.lineNumber + 1, name: functionName };
      }
      return undefined;
    } finally {
      this.#session.disconnect(); // lets it go on
    }
  }

  /** Ends the process with this code, or by a signal when the thread cannot be interrupted. */
  exit(code: number): void {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), patienceMs.exit + 500);
    this.#pause(patienceMs.exit)
      .then((frames) => {
        const callFrameId = frames?.[0]?.callFrameId;
        // Not process.exit: plugins may listen there, and the one that is stuck is among them.
        const expression = `globalThis.process.reallyExit(${code})`;
        this.#session.post("Debugger.evaluateOnCallFrame", { callFrameId, expression });
        setTimeout(() => this.#session.disconnect(), 100); // an exit waits for whoever inspects
      })
      .catch(() => {}); // then the signal
  }

  async #pause(forMs: number): Promise<readonly Frame[] | undefined> {
    const { promise, resolve } = Promise.withResolvers<readonly Frame[] | undefined>();
    const timer = setTimeout(() => resolve(undefined), forMs);
    this.#session.connectToMainThread();
    this.#session.on("Debugger.scriptParsed", ({ params }) => this.#files.set(params.scriptId, pathOf(params.url)));
    this.#session.on("Debugger.paused", ({ params }) => resolve(params.callFrames));
    this.#session.post("Debugger.enable");
    this.#session.post("Debugger.pause");
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}

const pathOf = (url: string): string => (url.startsWith("file:") ? fileURLToPath(url) : url);

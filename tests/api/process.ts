/** A server as a process of its own, started by the command line. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class ServerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #stdout = "";
  #stderr = "";

  constructor(root: string, argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(
      process.execPath,
      [
        main,
        "start",
        "--root",
        root,
        "--server.host",
        "127.0.0.1",
        ...(argv.includes("--server.port") ? [] : ["--server.port", "0"]),
        ...argv,
      ],
      { env: { ...inherited(), HOME: root, ...env }, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    this.#ended = once(this.#child, "close").then(([code]) => ({
      code: code as number | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  /** How it ended; it is killed when that takes longer than thirty seconds. */
  async ended(): Promise<Ended> {
    const tooLong = setTimeout(() => this.#child.kill("SIGKILL"), 30_000);
    try {
      return await this.#ended;
    } finally {
      clearTimeout(tooLong);
    }
  }

  /** Where it serves, as soon as it does. */
  async url(): Promise<string> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const found = /"http":"(http:[^"]+)"/.exec(this.#stdout)?.[1];
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the server did not start: ${this.#stdout}${this.#stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill("SIGTERM");
    await this.ended();
  }
}

/** Without what would configure the server, or make it believe that it is a test. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(kuzzle|tenon|NODE_ENV|NODE_TEST_CONTEXT)/.test(name)),
  );
}

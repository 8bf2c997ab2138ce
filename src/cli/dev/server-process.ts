import { type ChildProcess, fork } from "node:child_process";
import type { FromServer, ToServer } from "./messages.ts";

// The same file is TypeScript in the sources and JavaScript in the package.
const served = new URL(`./served${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

/** Requests that run may end; a server that does not stop at all must not keep the next one waiting. */
const stopWithinMs = 10_000;

/** A server in a process of its own. */
export class ServerProcess {
  /** Resolves with the exit code when it is gone. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;

  constructor(argv: readonly string[], env: NodeJS.ProcessEnv, onMessage: (message: FromServer) => void) {
    this.#child = fork(served, argv, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child.on("message", (message) => onMessage(message as FromServer));
    this.ended = new Promise((resolve) => {
      this.#child.once("exit", (code) => resolve(code ?? 1));
      this.#child.once("error", () => resolve(1));
    });
  }

  send(message: ToServer): void {
    if (this.#child.connected) this.#child.send(message, () => {}); // one that ends meanwhile is told of by `ended`
  }

  /** Answers the exit code. */
  async stop(): Promise<number> {
    this.send({ kind: "stop" });
    const late = setTimeout(() => this.kill(), stopWithinMs);
    const code = await this.ended;
    clearTimeout(late);
    return code;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

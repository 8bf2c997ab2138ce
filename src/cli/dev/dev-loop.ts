import { resolve, sep } from "node:path";
import { type ChangeSet, Changes } from "./changes.ts";
import type { FromServer } from "./messages.ts";
import { ServerProcess } from "./server-process.ts";
import type { Change } from "./watch-application.ts";

export interface DevLoopDeps {
  /** Of `tenon start`. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly root: string;
  readonly say: (line: string) => void;
}

/** Keeps a server running while the files that it is made of change. It holds nothing but the process of the server. */
export class DevLoop {
  readonly #deps: DevLoopDeps;
  readonly #changes = new Changes((changes) => void this.#enqueue(() => this.#apply(changes)));
  /** What is done to the server is done one after the other. */
  #last: Promise<void> = Promise.resolve();
  /** Undefined between two servers, and after one that has ended by itself. */
  #server: ServerProcess | undefined;
  /** Resolves once the server serves, or has ended before. */
  #settled: Promise<void> = Promise.resolve();
  #port: number | undefined;
  #dataFolder: string | undefined;
  #isStopping = false;

  constructor(deps: DevLoopDeps) {
    this.#deps = deps;
  }

  onChange(change: Change): void {
    this.#changes.add(change);
  }

  start(): void {
    const { argv, env, say } = this.#deps;
    const { promise, resolve: settle } = Promise.withResolvers<void>();
    this.#settled = promise;
    const server = new ServerProcess([...argv, ...this.#portArguments()], env, (message) => {
      this.#onMessage(message);
      settle();
    });
    this.#server = server;
    void server.ended.then((code) => {
      settle();
      if (this.#server !== server) return;
      this.#server = undefined;
      if (!this.#isStopping) say(`the server has ended (exit code ${code}). It starts again when a file changes.`);
    });
  }

  /** Answers the exit code of the server; 0 when there is none. */
  async stop(): Promise<number> {
    this.#isStopping = true;
    this.#changes.close();
    const stopping = this.#server?.stop();
    await this.#last;
    return (await stopping) ?? 0;
  }

  kill(): void {
    this.#server?.kill();
  }

  #onMessage(message: FromServer): void {
    if (message.kind === "restart") {
      void this.#enqueue(() => this.#restart(message.reason));
      return;
    }
    this.#port = message.chosenPort ?? this.#port;
    this.#dataFolder = resolve(this.#deps.root, message.dataFolder);
  }

  async #apply({ application, plugins }: ChangeSet): Promise<void> {
    await this.#settled;
    const files = application.filter((file) => !this.#isData(file));
    if (files.length > 0) return this.#restart(`${files.join(", ")} changed`);
    if (plugins.size === 0) return;
    if (this.#server === undefined) return this.#restart("a plugin changed");
    for (const [path, changed] of plugins) this.#server.send({ kind: "reload", path, changed });
  }

  #isData(file: string): boolean {
    const path = resolve(this.#deps.root, file);
    return this.#dataFolder !== undefined && `${path}${sep}`.startsWith(`${this.#dataFolder}${sep}`);
  }

  async #restart(reason: string): Promise<void> {
    if (this.#isStopping) return;
    this.#deps.say(`restart: ${reason}`);
    const former = this.#server;
    this.#server = undefined;
    await former?.stop();
    if (!this.#isStopping) this.start();
  }

  /** The next server listens where this one did. */
  #portArguments(): string[] {
    return this.#port === undefined ? [] : [`--server.port=${this.#port}`];
  }

  #enqueue(run: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(run);
    return this.#last;
  }
}

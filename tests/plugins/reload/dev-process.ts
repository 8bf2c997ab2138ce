/** `tenon dev` as a process of its own, with what it prints. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { makeRoot, pluginFiles, writeFiles } from "../../../testing/plugins/plugin-server.ts";
import { fetchJson } from "../../../testing/protocols/fetch-json.ts";
import { type Files, until } from "./reloadable.ts";

const main = join(import.meta.dirname, "../../../src/cli/main.ts");

export class DevProcess {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  readonly #ended: Promise<number | null>;

  constructor(t: TestContext, root: string, argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    const options = ["--root", root, "--host", "127.0.0.1", "--port", "0"];
    this.child = spawn(process.execPath, [main, "dev", ...options, ...argv], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, HOME: root, ...env },
    });
    this.#ended = once(this.child, "close").then(([code]) => code as number | null);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream !== null) createInterface(stream).on("line", (line) => this.lines.push(line));
    }
    t.after(async () => {
      this.child.kill("SIGTERM");
      const late = setTimeout(() => this.child.kill("SIGKILL"), 20_000);
      await this.#ended;
      clearTimeout(late);
    });
  }

  /** Waits for a line behind the first `from`, and answers it. */
  async line(pattern: RegExp, from = 0): Promise<string> {
    const find = (): string | undefined => this.lines.slice(from).find((line) => pattern.test(line));
    try {
      await until(() => find() !== undefined, `a line like ${pattern}`);
    } catch (error) {
      throw new Error(`${String(error)}; there is:\n${this.lines.join("\n")}`);
    }
    return find() ?? "";
  }

  /** Where the server serves that has started behind the first `from` lines. */
  async url(from = 0): Promise<string> {
    const line = await this.line(/server\.ready/, from);
    return `http://127.0.0.1:${/http=http:\/\/[^:]+:(\d+)/.exec(line)?.[1]}`;
  }

  /** The process of the server, which is not this one. */
  async server(url: string): Promise<{ readonly pid: number; readonly environment: string }> {
    return (await fetchJson(`${url}/_/pid`)).json.result;
  }

  async ended(): Promise<number | null> {
    return this.#ended;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A plugin that answers a word on `/part`. */
export const part = (word: string, folder = "part"): Files =>
  Object.fromEntries(
    Object.entries(
      pluginFiles(
        "part",
        `module.exports = class {
  constructor() { this.api = { part: { actions: { word: { handler: async () => "${word}", http: [{ verb: "get", path: "/part" }] } } } }; }
  init() {}
};`,
      ),
    ).map(([path, text]) => [path.replace("enabled/part", `enabled/${folder}`), text]),
  );

/** Answers the process and its environment on `/_/pid`. */
export const pid = pluginFiles(
  "pid",
  `module.exports = class {
    constructor() { this.api = { pid: { actions: { get: { handler: async () => ({ pid: process.pid, environment: process.env.NODE_ENV }), http: [{ verb: "get", path: "/_/pid" }] } } } }; }
    init() {}
  };`,
);

export interface Dev {
  readonly dev: DevProcess;
  readonly root: string;
  readonly url: string;
  write(files: Files): void;
  /** Waits until the plugin answers this. */
  answers(word: string): Promise<void>;
}

/** Over the given files, in a root of its own. */
export async function startDev(t: TestContext, files: Files, argv: readonly string[] = [], env = {}): Promise<Dev> {
  const { root, remove } = makeRoot({ ...pid, ...files });
  t.after(remove);
  const dev = new DevProcess(t, root, argv, env);
  const url = await dev.url();
  const answers = async (word: string): Promise<void> => {
    try {
      await until(async () => (await fetchJson(`${url}/part`).catch(() => undefined))?.json.result === word, word);
    } catch (error) {
      throw new Error(`${String(error)}; it has printed:\n${dev.lines.slice(-12).join("\n")}`);
    }
  };
  return { dev, root, url, write: (changed) => writeFiles(root, changed), answers };
}

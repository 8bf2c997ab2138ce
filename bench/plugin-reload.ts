/**
 * How long a change of a plugin takes: from the moment its file is written until a client gets the new answer, and of that the reload itself;
 * next to a full start of the server again. Over `tenon dev` in a process of its own. `node bench/plugin-reload.ts [reloads]`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const reloads = Number(process.argv[2] ?? 20);
const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
const agent = new Agent({ keepAlive: true });
const root = mkdtempSync(join(tmpdir(), "tenon-bench-reload-"));

interface Kind {
  readonly name: string;
  readonly file: string;
  /** Files beside the main one. */
  readonly parts: number;
  readonly main: (answer: number) => string;
}

const partsOf = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

const kinds: readonly Kind[] = [
  {
    name: "small",
    file: "index.js",
    parts: 0,
    main: (answer) => `${commonJs(answer)}`,
  },
  {
    name: "fifty",
    file: "index.js",
    parts: 49,
    main: (answer) =>
      `${partsOf(49)
        .map((i) => `require("./lib/part${i}");`)
        .join("\n")}\n${commonJs(answer)}`,
  },
  {
    name: "fifty-esm",
    file: "index.mjs",
    parts: 49,
    main: (answer) => `${partsOf(49)
      .map((i) => `import "./lib/part${i}.mjs";`)
      .join("\n")}
      export default class { ${members("fifty-esm", answer)} }`,
  },
];

const members = (name: string, answer: number): string => `
  constructor() { this.api = { "${name}": { actions: { get: { handler: async () => ${answer}, http: [{ verb: "get", path: "/${name}" }] } } } }; }
  init() {}`;

function commonJs(answer: number): string {
  return `const path = require("node:path").basename(__dirname);
    module.exports = class {
      constructor() { this.api = { [path]: { actions: { get: { handler: async () => ${answer}, http: [{ verb: "get", path: "/" + path }] } } } }; }
      init() {}
    };`;
}

function write({ name, file, parts, main }: Kind, answer: number): void {
  const folder = join(root, "plugins/enabled", name);
  if (answer === 0) {
    mkdirSync(join(folder, "lib"), { recursive: true });
    writeFileSync(join(folder, "manifest.json"), JSON.stringify({ name, kuzzleVersion: ">=2.0.0 <3.0.0" }));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0", main: file }));
    const isModule = file.endsWith(".mjs");
    // About a hundred lines each, as source files have them.
    const body = partsOf(100).map((i) => `  f${i}: (a, b) => a + b * ${i},`);
    for (const i of partsOf(parts)) {
      const text = `${isModule ? "export default" : "module.exports ="} {\n${body.join("\n")}\n};\n`;
      writeFileSync(join(folder, "lib", `part${i}${isModule ? ".mjs" : ".js"}`), text);
    }
  }
  writeFileSync(join(folder, file), main(answer));
}

class Dev {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor() {
    this.child = spawn(process.execPath, [main, "dev", "--root", root, "--host", "127.0.0.1", "--port", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (this.child.stdout === null) throw new Error("no output");
    createInterface(this.child.stdout).on("line", (line) => {
      this.lines.push(line);
      for (const wake of this.#waiting) wake();
    });
  }

  async line(pattern: RegExp, from: number): Promise<string> {
    for (;;) {
      const found = this.lines.slice(from).find((line) => pattern.test(line));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
      });
    }
  }
}

/** What is answered; undefined while nobody listens. */
function ask(url: string): Promise<unknown> {
  return new Promise((resolve) => {
    const request = get(url, { agent }, (response) => {
      let text = "";
      response.on("data", (part) => {
        text += part;
      });
      response.on("end", () => resolve((JSON.parse(text) as { result: unknown }).result));
    });
    request.on("error", () => setTimeout(resolve, 2, undefined));
  });
}

async function until(url: string, answer: number): Promise<void> {
  while ((await ask(url)) !== answer) await new Promise((resolve) => setTimeout(resolve, 1));
}

function print(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0).padStart(6);
  console.log(`${name.padEnd(58)} ${at(0.5)} ms median ${at(0)} least ${at(1)} most`);
}

for (const kind of kinds) write(kind, 0);
writeFileSync(join(root, ".kuzzlerc"), "{}");
const dev = new Dev();
const port = /http=http:\/\/[^:]+:(\d+)/.exec(await dev.line(/server\.ready/, 0))?.[1];
const url = `http://127.0.0.1:${port}`;
console.log(`${reloads} reloads each; 50 ms of each are spent waiting for further files of the same save`);
for (const kind of kinds) {
  const answered: number[] = [];
  const itself: number[] = [];
  await until(`${url}/${kind.name}`, 0);
  for (let n = 1; n <= reloads; n++) {
    const from = dev.lines.length;
    const startedAt = performance.now();
    write(kind, n);
    await until(`${url}/${kind.name}`, n);
    answered.push(performance.now() - startedAt);
    itself.push(Number(/durationMs=(\d+)/.exec(await dev.line(/plugin\.reloaded/, from))?.[1]));
  }
  print(`${kind.name} (${kind.parts + 1} files): file written until it answers`, answered);
  print(`${kind.name} (${kind.parts + 1} files): the reload itself`, itself);
}
const restarts: number[] = [];
for (let n = 1; n <= Math.max(3, reloads / 4); n++) {
  const from = dev.lines.length;
  const startedAt = performance.now();
  writeFileSync(join(root, ".kuzzlerc"), JSON.stringify({ limits: { documentsFetchCount: n } }));
  await dev.line(/server\.ready/, from);
  await until(`${url}/small`, reloads);
  restarts.push(performance.now() - startedAt);
}
print("the server again: configuration written until it answers", restarts);
agent.destroy();
const ended = once(dev.child, "close");
dev.child.kill("SIGTERM");
await ended;
rmSync(root, { recursive: true, force: true });

/** A whole server with plugins in processes of their own, and what those have written down. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Kuzzle } from "kuzzle-sdk";
import { connectWebSocket, startServer, type TestServer } from "../../testing/index.ts";
import { type LogLine, makeRoot, recorder } from "../../testing/plugins/plugin-server.ts";

/** One line that a plugin has written to its file. */
export interface Note {
  readonly pid: number;
  readonly [member: string]: unknown;
}

export interface WorkerServer {
  readonly server: TestServer;
  readonly root: string;
  readonly log: readonly LogLine[];
  /** What the plugins have noted so far. */
  notes(): Note[];
  /** Lines of the log by name, of one plugin. */
  lines(event: string, plugin: string): LogLine[];
  connect(): Promise<Kuzzle>;
}

export interface WorkerServerOptions {
  /** Configuration of the plugins by name. */
  readonly plugins?: Readonly<Record<string, unknown>>;
  readonly prepare?: (backend: TestServer["backend"]) => void;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Where {@link noting} writes. */
export const notesFile = (root: string): string => join(root, "notes.jsonl");

/** A function for the code of plugins: `note({ … })` writes a line down. */
export const noting = `
var fs = require('fs');
var path = require('path');
function rootOf (folder) { return fs.existsSync(path.join(folder, 'root.txt')) ? folder : rootOf(path.dirname(folder)); }
function note (line) {
  line.pid = process.pid;
  fs.appendFileSync(path.join(rootOf(__dirname), 'notes.jsonl'), JSON.stringify(line) + '\\n');
}`;

export async function startWorkers(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  { plugins = {}, prepare, config = {} }: WorkerServerOptions = {},
): Promise<WorkerServer> {
  const { root, remove } = makeRoot({ "root.txt": "", ...files });
  t.after(remove);
  await mkdir(join(root, "node_modules"), { recursive: true });
  await symlink(join(import.meta.dirname, "../../node_modules/typebox"), join(root, "node_modules/typebox"));
  const log: LogLine[] = [];
  const sections = Object.entries(plugins).map(([name, section]) => [`plugins.${name}`, section] as const);
  const server = await startServer({
    root,
    data: ":memory:",
    log: recorder(log),
    config: { ...config, ...Object.fromEntries(sections) },
    ...(prepare === undefined ? {} : { prepare }),
  });
  t.after(() => server.close());
  return {
    server,
    root,
    log,
    notes: () => readNotes(root),
    lines: (event, plugin) =>
      log.filter((line) => line.event.endsWith(event) && (line.fields.plugin ?? plugin) === plugin),
    connect: async () => {
      const ws = await connectWebSocket(server);
      t.after(() => ws.disconnect());
      return ws;
    },
  };
}

/** A package in `plugins/enabled` that exports what `definePlugin` makes. */
export const definedPackage = (name: string, main: string, manifest?: object): Record<string, string> => ({
  [`plugins/enabled/${name}/package.json`]: JSON.stringify({
    name,
    version: "1.0.0",
    type: "module",
    main: "index.js",
  }),
  [`plugins/enabled/${name}/index.js`]: main,
  ...(manifest === undefined ? {} : { [`plugins/enabled/${name}/manifest.json`]: JSON.stringify(manifest) }),
});

export function readNotes(root: string): Note[] {
  const file = notesFile(root);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Note); // a last one may be half written
}

/** Waits until something is there; fails after twenty seconds. */
export async function until<T>(what: string, find: () => T | undefined | false): Promise<T> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    assert.ok(performance.now() < giveUpAt, `${what} did not come in time`);
    await sleep(10);
  }
}

/** True while there is such a process. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that has ended and that nobody has asked for is still in the table.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/**
 * How long a server takes to start with 50 plugins, 25 packages of the second generation and 25 made by definePlugin, and without any: the
 * best of five starts of each in turn, in milliseconds. Run: node bench/plugin-start.ts
 */
import { spawnServer } from "../testing/index.ts";
import { makeRoot } from "../testing/plugins/plugin-server.ts";

const rounds = Number(process.argv[2] ?? 5);

const second = (name: string): Record<string, string> => ({
  [`plugins/enabled/${name}/manifest.json`]: JSON.stringify({ name, kuzzleVersion: ">=2.0.0 <3.0.0" }),
  [`plugins/enabled/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", main: "index.js" }),
  [`plugins/enabled/${name}/index.js`]: `module.exports = class Plugin {
    init () { this.pipes = { 'document:beforeCreate': async (request) => request }; this.hooks = { 'document:afterCreate': () => {} };
      this.api = { '${name}': { actions: { run: { handler: async () => 1 } } } }; }
  };`,
});

const defined = (name: string): Record<string, string> => ({
  [`plugins/enabled/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", main: "index.mjs" }),
  [`plugins/enabled/${name}/index.mjs`]: `import { action, definePlugin } from "tenon";
    export default definePlugin({ name: "${name}", pipes: { "document:beforeCreate": (request) => request },
      hooks: { "document:afterCreate": () => {} }, controllers: { "${name}": { run: action({ summary: "Runs.", run: () => 1 }) } } });`,
});

const many = Object.assign(
  {},
  ...Array.from({ length: 25 }, (_, i) => ({ ...second(`second-${i}`), ...defined(`defined-${i}`) })),
) as Record<string, string>;

async function startMs(files: Record<string, string>): Promise<{ ms: number; phases: Record<string, number> }> {
  const { root, remove } = makeRoot(files);
  const startedAt = performance.now();
  const server = await spawnServer(root);
  const ms = Math.round(performance.now() - startedAt);
  const ready = JSON.parse(server.log.find((line) => line.includes("server.ready")) ?? "{}") as {
    phases: Record<string, number>;
  };
  await server.kill("SIGTERM");
  remove();
  return { ms, phases: ready.phases };
}

const best: Record<string, { ms: number; phases: Record<string, number> }> = {};
for (let round = 0; round < rounds; round++) {
  for (const [name, files] of [
    ["no plugin", {}],
    ["50 plugins", many],
  ] as const) {
    const start = await startMs(files);
    if (start.ms < (best[name]?.ms ?? Number.POSITIVE_INFINITY)) best[name] = start;
  }
}
console.table(Object.fromEntries(Object.entries(best).map(([name, { ms, phases }]) => [name, { ms, ...phases }])));

/** TypeScript that is more than JavaScript with types. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { failureToStart, pluginFiles, startWith } from "../../../testing/plugins/plugin-server.ts";

const compiler = join(import.meta.dirname, "../../../tests/applications/fleet/node_modules/typescript");

/** A `node_modules/typescript` in the root of a test: the compiler that the example application has installed. */
const installed = {
  "node_modules/typescript/package.json": JSON.stringify({ name: "typescript", main: "main.js" }),
  "node_modules/typescript/main.js": `module.exports = require(${JSON.stringify(compiler)});`,
};

const main = `
import { Plugin } from "kuzzle";
import type { KuzzleRequest } from "kuzzle";
enum Color { Red = "red" }
namespace Paint { export const all = Object.values(Color); }
class Shelf { constructor(public readonly colors: string[]) {} }
export class ColorPlugin extends Plugin {
  private shelf = new Shelf(Paint.all);
  constructor() {
    super({ kuzzleVersion: "^2.0.0" });
    this.api = { color: { actions: { list: { handler: this.list } } } };
  }
  async init() {}
  async list(_request: KuzzleRequest) { return this.shelf.colors; }
}
export default ColorPlugin;`;

test("enums, namespaces and parameter properties work where a compiler is installed, without tsconfig.json too", async (t) => {
  const files = { ...pluginFiles("color", main, { file: "index.ts" }), ...installed };
  const server = await startWith(t, files);
  assert.deepEqual(await server.run({ controller: "color", action: "list" }), ["red"]);
});

test("where there is no compiler, the error names the file, what is wrong, and what to do", async (t) => {
  const error = await failureToStart(t, pluginFiles("color", main, { file: "index.ts" }));
  assert.match(error.message, /color[/\\]index\.ts needs more than its types removed: TypeScript enum/);
  assert.match(error.message, /npm install --save-dev typescript@5/);
});

const redeclaring = `
import { Plugin } from "kuzzle";
class Base { value = "kept"; }
class Derived extends Base { value: string; }
export default class FieldsPlugin extends Plugin {
  constructor() {
    super({ kuzzleVersion: "^2.0.0" });
    this.api = { fields: { actions: { read: { handler: async () => String(new Derived().value) } } } };
  }
  async init() {}
}`;

for (const [target, value] of [
  ["es2020", "kept"],
  ["es2022", "undefined"],
] as const) {
  test(`a field that is declared again means what it means to its author, who compiles for ${target}`, async (t) => {
    const server = await startWith(t, {
      ...pluginFiles("fields", redeclaring, { file: "index.ts" }),
      ...installed,
      "base.json": JSON.stringify({ compilerOptions: { target } }),
      "tsconfig.json": `{ "extends": "./base.json", /* a comment */ "compilerOptions": { "module": "commonjs" } }`,
    });
    assert.equal(await server.run({ controller: "fields", action: "read" }), value);
  });
}

test("a tsconfig.json that cannot be read is named", async (t) => {
  const files = { ...pluginFiles("color", main, { file: "index.ts" }), ...installed, "tsconfig.json": "{ nonsense" };
  assert.match((await failureToStart(t, files)).message, /tsconfig\.json cannot be read/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutTypeImports } from "./type-imports.ts";

test("imported names that only types used are taken out, and lines stay where they were", () => {
  const source = `import {
  Backend,
  JSONObject,
  KuzzleRequest as Request
} from 'kuzzle';
import { Sale } from "./types";
import Shop, { Till } from "./shop";
// A Sale is made at the Till
const app = new Backend("x");
new Request({}, Shop);`;
  const expected = `import { Backend, KuzzleRequest as Request } from 'kuzzle';




import Shop, {  } from "./shop";
// A Sale is made at the Till
const app = new Backend("x");
new Request({}, Shop);`;
  const written = withoutTypeImports(source);
  assert.deepEqual(written.split("\n").filter(Boolean), expected.split("\n").filter(Boolean));
  assert.equal(written.split("\n").length, source.split("\n").length);
});

test("names that are used stay, in whatever way", () => {
  const source = 'import { a, b, $c, d } from "x";\nlet x = a + 1; export { b }; $c(); x.y = { d };';
  assert.equal(withoutTypeImports(source), source);
});

test("an import for its effects stays", () => {
  const source = 'import "./effects";\nimport * as all from "x";';
  assert.equal(withoutTypeImports(source), source);
});

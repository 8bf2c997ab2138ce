import assert from "node:assert/strict";
import { test } from "node:test";
import { placeInCode } from "./place-in-code.ts";

const folder = "/srv/plugins/enabled/part";

function withStack(stack: string, cause?: unknown): Error {
  const error = new Error("no", cause === undefined ? undefined : { cause });
  error.stack = stack;
  return error;
}

test("the first place in the folder counts, in all forms in which stacks name one", () => {
  const stacks = [
    `${folder}/lib/a.js:12\n  let a = ;\n          ^\nSyntaxError: Unexpected token ';'\n    at wrapSafe (node:internal/modules/cjs/loader:1)`,
    `file://${folder}/lib/a.js?tenon-version=3:12\nimport { b } from "./b.mjs";\n         ^\nSyntaxError: no such name`,
    `Error: no\n    at Object.<anonymous> (/srv/other/x.js:1:1)\n    at run (${folder}/lib/a.js:12:7)\n    at ${folder}/index.js:1:1`,
    `Error: no\n    at async file://${folder}/lib/a.js?tenon-version=3:12:7`,
  ];
  for (const stack of stacks) assert.equal(placeInCode(withStack(stack), folder), "lib/a.js:12", stack);
});

test("the innermost cause is asked first; folders whose name only starts like this one's do not count", () => {
  const inner = withStack(`Error: no\n    at ${folder}/inner.js:3:1`);
  assert.equal(placeInCode(withStack(`Error: no\n    at ${folder}/outer.js:1:1`, inner), folder), "inner.js:3");
  const elsewhere = withStack(`Error: no\n    at ${folder}-copy/a.js:3:1\n    at file://%zz/${folder}/b.js:3`);
  assert.equal(placeInCode(elsewhere, folder), undefined);
  assert.equal(placeInCode("a text that was thrown", folder), undefined);
  const circle = withStack("Error: no");
  circle.cause = circle;
  assert.equal(placeInCode(circle, folder), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../../kernel/index.ts";
import { createAuthorDebug } from "./author-debug.ts";

function debugOf(selected: string) {
  const lines: string[] = [];
  const log = { ...silentLogger, debug: (line: string) => void lines.push(line) };
  return { debug: createAuthorDebug(log, selected), lines };
}

test("debug messages are written when DEBUG names them, by either name and with wildcards", () => {
  for (const selected of ["kuzzle:network:protocols", "other, kuzzle:entry-point:*", "*", "kuzzle:*:protocols"]) {
    assert.equal(debugOf(selected).debug.enabled, true, selected);
  }
  for (const selected of ["", "kuzzle", "kuzzle:network", "kuzzle.network.protocols", "*,-kuzzle:*"]) {
    const { debug, lines } = debugOf(selected);
    debug("nobody wants this");
    assert.equal(debug.enabled, false, selected);
    assert.deepEqual(lines, []);
  }
});

test("debug messages have %a replaced by JSON, and the other placeholders as usual", () => {
  const { debug, lines } = debugOf("*");
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  debug("%s joined %a at 100%% %d", "ada", { channels: ["a"] }, 7);
  debug("%a", circular);
  debug("%a");
  debug({ plain: 1 });
  assert.deepEqual(lines, ['ada joined {"channels":["a"]} at 100% 7', "[object Object]", "undefined", "{ plain: 1 }"]);
});

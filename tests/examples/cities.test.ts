import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { startServer } from "../../testing/index.ts";

const program = join(import.meta.dirname, "../../examples/cities/main.ts");

test("the cities example tells its story against a fresh server, and once more against the same", async (t) => {
  const server = await startServer();
  t.after(() => server.close());
  for (let turn = 0; turn < 2; turn++) {
    const { stdout } = await promisify(execFile)(process.execPath, [program, `ws://127.0.0.1:${server.port}`, "9000"]);
    assert.match(stdout, /logged in as +ada/);
    assert.match(stdout, /imported 9000 cities/);
    assert.match(
      stdout,
      /heard around Paris +create near \(in\), update near \(in\), update near \(out\), publish undefined \(in\)/,
    );
    assert.match(stdout, /security\.rights\.forbidden/);
  }
});

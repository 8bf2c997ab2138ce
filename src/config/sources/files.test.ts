import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { type LoadedConfig, loadConfig, type Sources } from "../index.ts";

interface Machine {
  readonly root: string;
  write(path: string, content: string): string;
  load(sources?: Partial<Sources>): LoadedConfig;
}

/** A folder with `etc`, `home/ada` and, inside that, the application's root. */
function machine(t: TestContext): Machine {
  const folder = mkdtempSync(join(tmpdir(), "tenon-config-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const root = join(folder, "home/ada/app/root");
  mkdirSync(root, { recursive: true });
  return {
    root,
    write(path, content) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    load: (sources = {}) =>
      loadConfig({ argv: [], env: {}, root, home: join(folder, "home/ada"), etc: join(folder, "etc"), ...sources }),
  };
}

test("a nearer file wins over a farther one, and Tenon's over Kuzzle's of the same kind", (t) => {
  const { write, load } = machine(t);
  const port = (): number => load().config.server.port;
  const places = [
    "etc/kuzzle/config",
    "etc/kuzzlerc",
    "etc/tenon/config",
    "etc/tenonrc",
    "home/ada/.config/kuzzle/config",
    "home/ada/.kuzzle/config",
    "home/ada/.kuzzlerc",
    "home/ada/.config/tenon",
    "home/ada/.tenon/config",
    "home/ada/.tenonrc",
    "home/ada/app/.kuzzlerc",
    "home/ada/app/root/.kuzzlerc",
    "home/ada/app/.tenonrc",
    "home/ada/app/root/.tenonrc",
  ];
  places.forEach((place, i) => {
    write(place, JSON.stringify({ server: { port: 9000 + i } }));
    assert.equal(port(), 9000 + i, place);
  });
});

test("only the first .kuzzlerc on the way up is read, and files are merged with the home's", (t) => {
  const { write, load } = machine(t);
  write("home/ada/app/.kuzzlerc", '{"limits": {"loginsPerSecond": 7}}');
  write("home/ada/app/root/.kuzzlerc", '{"stats": {"ttl": 60}}');
  write("home/ada/.kuzzlerc", '{"limits": {"documentsWriteCount": 9}}');
  const { config } = load();
  assert.equal(config.limits.loginsPerSecond, 1);
  assert.equal(config.limits.documentsWriteCount, 9);
  assert.equal(config.stats.ttl, 60);
});

test("files may be JSON with comments, also at the top and behind a byte order mark, or INI", (t) => {
  const { write, load } = machine(t);
  const file = "home/ada/app/root/.kuzzlerc";
  for (const preamble of ["", "// settings\n", "/* settings */ ", "\uFEFF", "\n\n\t"]) {
    write(file, `${preamble}{"server": {"port": 7600 /* here */}, // and\n "stats": {"enabled": "false"}}`);
    const { config, warnings } = load();
    assert.deepEqual([config.server.port, config.stats.enabled, warnings], [7600, false, []], preamble);
  }
  write(
    file,
    "; settings\n[server]\nport = 7601\n[server.logs]\naccessLogFormat = logstash\n[stats]\nenabled = false\n",
  );
  const { config, warnings } = load();
  assert.deepEqual([config.server.port, config.server.logs.accessLogFormat], [7601, "logstash"]);
  assert.deepEqual([config.stats.enabled, warnings], [false, []]);
});

test("--config names one more file, stronger than the others and weaker than variables", (t) => {
  const { write, load, root } = machine(t);
  write("home/ada/app/root/.tenonrc", '{"server": {"port": 1}}');
  write("home/ada/app/root/conf/prod.json", '{"server": {"port": 2}}');
  const absolute = write("elsewhere.json", '{"server": {"port": 3}}');
  assert.equal(load({ argv: ["--config", "conf/prod.json"] }).config.server.port, 2);
  assert.equal(load({ argv: [`--config=${absolute}`] }).config.server.port, 3);
  assert.equal(load({ env: { kuzzle_config: "conf/prod.json" } }).config.server.port, 2);
  const env = { tenon_config: "conf/prod.json", tenon_server__port: "4" };
  assert.equal(load({ env }).config.server.port, 4);
  assert.equal(load({ env, files: "none" }).config.server.port, 4);
  assert.throws(() => load({ argv: ["--config", "none.json"] }), {
    id: "core.configuration.cannot_parse",
    message: `The configuration cannot be read: file ${join(root, "none.json")} does not exist`,
  });
  assert.throws(() => load({ argv: ["--config"] }), /needs the name of a file/);
});

test("an unknown key is a warning in Kuzzle's file and a refusal in Tenon's", (t) => {
  const { write, load } = machine(t);
  const kuzzle = write("home/ada/app/root/.kuzzlerc", '{"limits": {"loginPerSecond": 2}, "mine": {"a": 1}}');
  const { warnings } = load();
  assert.deepEqual(
    warnings.map(({ key, from, suggestion }) => [key, from, suggestion]),
    [
      ["limits.loginPerSecond", `file ${kuzzle}`, "limits.loginsPerSecond"],
      ["mine.a", `file ${kuzzle}`, undefined],
    ],
  );
  write("home/ada/app/root/.tenonrc", '{"limits": {"loginPerSecond": 2}}');
  assert.throws(() => load(), { message: /\.tenonrc sets "limits\.loginPerSecond".*"limits\.loginsPerSecond"/ });
});

test("an error in a value names the file that set it", (t) => {
  const { write, load } = machine(t);
  const file = write("home/ada/app/root/.kuzzlerc", '{"limits": {"loginsPerSecond": "often"}}');
  assert.throws(() => load(), { id: "core.configuration.invalid_type", message: new RegExp(`from file ${file}\\)`) });
});

test("a file that is not valid stops the start, without quoting what stands in it", (t) => {
  const { write, load } = machine(t);
  for (const content of ['{"services": {"password": "s3cret" oops}}', '{"a": s3cret}', "{", '{"a": 1} s3cret']) {
    write("home/ada/app/root/.kuzzlerc", content);
    assert.throws(
      () => load(),
      (error: Error) => /\.kuzzlerc is not valid/.test(error.message) && !inspect(error).includes("s3cret"),
      content,
    );
  }
});

test("hostile files are refused: __proto__, deep nesting", (t) => {
  const { write, load } = machine(t);
  const refusal = { id: "core.configuration.cannot_parse" };
  write("home/ada/app/root/.kuzzlerc", '{"plugins": {"__proto__": {"polluted": true}}}');
  assert.throws(() => load(), refusal);
  write("home/ada/app/root/.kuzzlerc", `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`);
  assert.throws(() => load(), refusal);
  write("home/ada/app/root/.kuzzlerc", "[__proto__]\npolluted = 1\n");
  load();
  write("home/ada/app/root/.kuzzlerc", "[plugins.__proto__]\npolluted = 1\n");
  assert.throws(() => load(), { id: "core.configuration.invalid_type", message: /"plugins"/ });
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

test("a directory in the place of .kuzzlerc stops the start; .config/kuzzle may be a directory", (t) => {
  const { write, load, root } = machine(t);
  write("home/ada/.config/kuzzle/config", '{"server": {"port": 7700}}');
  assert.equal(load().config.server.port, 7700);
  mkdirSync(join(root, ".kuzzlerc"));
  assert.throws(() => load(), { id: "core.configuration.cannot_parse", message: /\.kuzzlerc is a directory/ });
  assert.equal(load({ files: "none" }).config.server.port, 7512);
});

test("a file that cannot be opened stops the start", (t) => {
  const { load } = machine(t);
  // A name too long for the file system fails on opening, also for the superuser that tests may run as.
  assert.throws(() => load({ argv: ["--config", "x".repeat(300)] }), {
    id: "core.configuration.cannot_parse",
    message: /cannot be opened \(ENAMETOOLONG\)/,
  });
});

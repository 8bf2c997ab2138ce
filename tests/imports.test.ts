/** What plugins and applications have loaded at the start (contract/search.md section 13, contract/plugins/framework.md). */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Backend } from "../src/app/index.ts";
import type { JSONObject } from "../src/kernel/index.ts";
import { connectHttp, startServer } from "../testing/index.ts";

const config = { "limits.loginsPerSecond": 1_000 };
const books = { lib: { books: { mappings: { properties: { title: { type: "keyword" } } } } } };

async function temporaryRoot(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "tenon-imports-"));
  t.after(() => rm(root, { recursive: true, force: true }));
  return root;
}

function importLibrary(backend: Backend): void {
  backend.import.mappings(books);
  backend.import.mappings({ lib: { films: { mappings: {} } } });
  backend.import.roles({ reader: { controllers: { document: { actions: { get: true } } } } });
  backend.import.profiles({ readers: { policies: [{ roleId: "reader" }] } });
  backend.import.userMappings({ properties: { city: { type: "keyword" } } });
  backend.import.users({
    ada: {
      content: { profileIds: ["readers"], city: "London" },
      credentials: { local: { username: "ada", password: "lovelace-1815" } },
    },
  });
}

test("an application's imports are there at the first start, and left alone at the next ones", async (t) => {
  const root = await temporaryRoot(t);
  {
    await using server = await startServer({ root, config, prepare: importLibrary });
    const sdk = await connectHttp(server);
    assert.deepEqual(
      (await sdk.collection.list("lib")).collections.map(({ name }: { name: string }) => name),
      ["books", "films"],
    );
    const { total } = await sdk.security.searchUsers({ query: { term: { city: "London" } } });
    assert.equal(total, 1);
    await sdk.auth.login("local", { username: "ada", password: "lovelace-1815" });
    sdk.jwt = null as never;
    await sdk.security.updateRole("reader", { controllers: { document: { actions: { search: true } } } });
    await sdk.collection.delete("lib", "films");
  }
  const written: unknown[] = [];
  const listen = (backend: Backend): void => {
    backend.hook.register("security:afterCreateOrReplaceRole", () => written.push("role"));
  };
  {
    await using server = await startServer({
      root,
      config,
      prepare: (backend) => {
        listen(backend);
        importLibrary(backend);
      },
    });
    const sdk = await connectHttp(server);
    assert.deepEqual(written, []);
    assert.equal(await sdk.collection.exists("lib", "films"), false);
    await sdk.query({ controller: "admin", action: "resetDatabase" });
  }
  {
    await using server = await startServer({
      root,
      config,
      prepare: (backend) => {
        listen(backend);
        importLibrary(backend);
        backend.import.roles({ writer: { controllers: { document: { actions: { create: true } } } } });
      },
    });
    const sdk = await connectHttp(server);
    assert.equal(await sdk.collection.exists("lib", "films"), true, "forgotten with the reset");
    assert.deepEqual(written, ["role", "role"], "what changed is loaded again");
  }
});

test("the same collection of a plugin and of the application: the application's definition counts", async () => {
  class Shelf {
    imports = { mappings: { lib: { books: { mappings: { dynamic: "strict" } }, shelves: { mappings: {} } } } };
    init(): void {}
  }
  await using server = await startServer({
    data: ":memory:",
    prepare: (backend) => {
      backend.plugin.use(new Shelf(), { name: "shelf", manifest: { kuzzleVersion: ">=2.0.0" } });
      backend.import.mappings(books);
    },
  });
  const sdk = await connectHttp(server);
  const mapping = (await sdk.collection.getMapping("lib", "books")) as JSONObject;
  assert.equal(mapping.dynamic, "false");
  assert.equal(await sdk.collection.exists("lib", "shelves"), true);
});

test("an application's files are loaded in the forms of the admin actions", async () => {
  await using server = await startServer({
    data: ":memory:",
    prepare: (backend) => {
      backend._support = {
        mappings: { lib: { books: { properties: { title: { type: "keyword" } } } } },
        fixtures: { lib: { books: [{ index: { _id: "emma" } }, { title: "Emma" }] } },
        securities: { roles: { reader: { controllers: { document: { actions: { get: true } } } } } },
      };
    },
  });
  const sdk = await connectHttp(server);
  assert.equal((await sdk.document.get<JSONObject>("lib", "books", "emma"))._source.title, "Emma");
  const { properties } = (await sdk.collection.getMapping("lib", "books")) as { properties: JSONObject };
  assert.deepEqual(properties.title, { type: "keyword" });
  assert.equal((await sdk.security.getRole("reader"))._id, "reader");
});

test("files and imports of one kind do not go together, and wrong arguments are told at once", async () => {
  const refused = startServer({
    data: ":memory:",
    prepare: (backend) => {
      backend._support = { mappings: {} };
      backend.import.mappings(books);
    },
  });
  await assert.rejects(refused, { id: "plugin.runtime.incompatible" });

  await using server = await startServer({
    data: ":memory:",
    prepare: (backend) => {
      for (const kind of ["mappings", "profiles", "roles", "userMappings", "users"] as const) {
        assert.throws(() => backend.import[kind]("x" as never), { id: "validation.assert.invalid_type" });
      }
      assert.throws(() => backend.import.mappings({ lib: 3 } as never), { id: "validation.assert.invalid_type" });
      assert.throws(() => backend.install("x", 3 as never), { id: "validation.assert.invalid_type" });
    },
  });
  assert.throws(() => server.backend.import.roles({}), { id: "plugin.runtime.already_started" });
  assert.throws(() => server.backend.install("x", () => {}), { id: "plugin.runtime.already_started" });
});

test("an installation runs once in the life of a database, after the imports and with the SDK", async (t) => {
  const root = await temporaryRoot(t);
  let runs = 0;
  const prepare = (backend: Backend): void => {
    backend.import.mappings(books);
    backend.install(
      "first-book",
      async () => {
        runs++;
        await backend.sdk.document.create("lib", "books", { title: "Emma" }, "emma");
      },
      "the first book",
    );
  };
  for (let start = 0; start < 2; start++) {
    await using server = await startServer({ root, config, prepare });
    const sdk = await connectHttp(server);
    assert.equal((await sdk.document.get<JSONObject>("lib", "books", "emma"))._source.title, "Emma");
  }
  assert.equal(runs, 1);
});

test("an installation that fails ends the start, and is tried again at the next", async (t) => {
  const root = await temporaryRoot(t);
  let isBroken = true;
  const prepare = (backend: Backend): void =>
    backend.install("fragile", () => {
      if (isBroken) throw new Error("no paper");
    });
  await assert.rejects(startServer({ root, config, prepare }), (error: Error & { id?: string }) => {
    assert.equal(error.id, "plugin.runtime.unexpected_installation_error");
    assert.match(error.message, /fragile.*no paper/);
    return true;
  });
  isBroken = false;
  await using server = await startServer({ root, config, prepare });
  assert.ok(server.backend.started);
});

/** The code of a new plugin. */
export const pluginSource = (name: string): string => `import { action, arg, definePlugin } from "tenon";
import { config } from "./config.ts";

export default definePlugin({
  name: "${name}",
  config,

  /** Pipes take part: each answers the payload, changed or not, or throws to refuse. */
  pipes: {
    "generic:document:beforeWrite": (documents, _request, { config }) => {
      const field = config.stampField ?? "stampedBy";
      for (const { _source } of documents) if (_source !== undefined) _source[field] = "${name}";
      return documents;
    },
  },

  /** Hooks observe: they cannot change or fail a request, and nobody waits for them. */
  hooks: {
    "document:afterDelete": (request, { log }) => log.info("${name}.deleted", { id: request.getId() }),
  },

  /** Actions that clients call, over HTTP by their routes and over every protocol by their names. */
  controllers: {
    "${name}": {
      hello: action({
        summary: "Greets.",
        http: [{ verb: "GET", path: "/${name}/hello" }],
        args: { name: arg.default.string("World") },
        run: ({ name }) => ({ greeting: \`Hello, \${name}!\` }),
      }),
    },
  },
});
`;

/** The schema of its options. */
export const configSource = `/** What the section of this plugin in the configuration may say (JSON Schema); anything else stops the start of the server. */
export const config = {
  type: "object",
  additionalProperties: false,
  properties: {
    /** Member of a document that takes the stamp. */
    stampField: { type: "string", minLength: 1 },
  },
} as const;
`;

/** Its test. */
export const testSource = (name: string): string => `import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestBackend } from "tenon/testing";
import plugin from "./index.ts";

const imports = { mappings: { library: { books: { mappings: {} } } } };
const book = { controller: "document", index: "library", collection: "books", _id: "dune" };

test("it greets, by its name and over its route", async () => {
  await using backend = await createTestBackend({ plugins: [plugin] });
  const { result } = await backend.request({ controller: "${name}", action: "hello", name: "Ada" });
  assert.deepEqual(result, { greeting: "Hello, Ada!" });
  const answer = await fetch(\`\${await backend.url()}/${name}/hello\`);
  assert.deepEqual(((await answer.json()) as { result: unknown }).result, { greeting: "Hello, World!" });
});

test("it stamps documents, in the field that the configuration names", async () => {
  await using backend = await createTestBackend({
    plugins: [plugin],
    config: { plugins: { "${name}": { stampField: "by" } } },
    imports,
  });
  await backend.request({ ...book, action: "create", body: { title: "Dune" } });
  const { _source } = await backend.sdk.document.get("library", "books", "dune");
  assert.equal(_source.by, "${name}");
});

test("it logs deletions", async () => {
  await using backend = await createTestBackend({ plugins: [plugin], imports });
  await backend.request({ ...book, action: "create", body: {} });
  const deleted = backend.events.next("document:afterDelete");
  await backend.request({ ...book, action: "delete" });
  await deleted;
  assert.ok(backend.log.lines.some(({ event }) => event === "${name}.deleted"));
});

test("it refuses a configuration with an unknown member", async () => {
  const config = { plugins: { "${name}": { stampFeild: "by" } } };
  await assert.rejects(createTestBackend({ plugins: [plugin], config }), /${name}/);
});
`;

/** Servers with a plugin that runs what a test wants to know. */
import assert from "node:assert/strict";
import type { JSONObject } from "../../src/kernel/index.ts";
import { pluginFiles } from "../../testing/plugins/plugin-server.ts";
import { openWhole, type WholeServer } from "../../testing/plugins/whole-server.ts";
import { Line, type WireError } from "../api/wire.ts";

/** A plugin whose action runs what a test wants to know, as its author would write it: `context`, `request` and `kuzzle` are at hand. */
export const probe = (name: string): string => `
const kuzzle = require("kuzzle");
module.exports = class {
  constructor () { this.api = { "${name}": { actions: { run: { handler: (request) => this.run(request) } } } }; }
  async init (config, context) { this.config = config; this.context = context; this.kept = {}; }
  async run (request) {
    const code = request.getBodyString("code");
    return new (Object.getPrototypeOf(async () => {}).constructor)("context", "request", "kuzzle", "kept", code)(this.context, request, kuzzle, this.kept);
  }
};`;

export interface Probes {
  readonly whole: WholeServer;
  /** A client of the server. */
  readonly line: Line;
  /** Runs code in the plugin, or in the one named `other`; what it returns. */
  run<R = unknown>(code: string, more?: JSONObject, plugin?: "probe" | "other"): Promise<R>;
  /** The error that the plugin's action ends with. */
  failure(code: string): Promise<WireError>;
  close(): Promise<void>;
}

const errors = {
  late: { code: 3, message: "%s is late by %s", class: "ForbiddenError", description: "" },
  nested: { inner: { code: 4, message: "deep", class: "PartialError" } },
};

/** A server with the plugins `probe` and `other`, and the collection `lib/books`. */
export async function openProbes(): Promise<Probes> {
  const whole = await openWhole({
    files: {
      ...pluginFiles("probe", probe("probe"), { manifest: { errors } }),
      ...pluginFiles("other", probe("other")),
    },
    config: { "plugins.probe": { _pluginCode: 5 } },
  });
  const line = await Line.open(whole.server);
  await line.result({ controller: "index", action: "create", index: "lib" });
  await line.result({ controller: "collection", action: "create", index: "lib", collection: "books" });
  return {
    whole,
    line,
    run: <R>(code: string, more: JSONObject = {}, plugin = "probe") =>
      line.result<R & JSONObject>({ controller: plugin, action: "run", body: { code }, ...more }),
    failure: async (code) => {
      const { error } = await line.ask({ controller: "probe", action: "run", body: { code } });
      assert.ok(error !== null, code);
      return error;
    },
    close: async () => {
      await line[Symbol.asyncDispose]();
      await whole.close();
    },
  };
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { answerRecorder, KuzzleRequest, kerror, kerrorWith, type Recorder } from "./index.ts";

const routes = [
  { verb: "GET", path: "/:index/:collection/:_id", controller: "document", action: "get" },
  { verb: "GET", path: "/:index/:collection/_first", controller: "document", action: "get" },
  { verb: "GET", path: "/:index/_list", controller: "collection", action: "list" },
];

function recording(): { seen: string[]; record: (request: KuzzleRequest) => void } {
  const seen: string[] = [];
  const recorder: Recorder = {
    action: (controller, action, route) => seen.push(`${controller}:${action} ${route ?? "-"}`),
    error: (id) => seen.push(id),
    event: () => {},
    config: () => {},
  };
  return { seen, record: answerRecorder(recorder, () => routes) };
}

function asked(verb: string | undefined, path: string, controller = "document", action = "get"): KuzzleRequest {
  const misc = verb === undefined ? {} : { verb, path };
  return new KuzzleRequest({ controller, action }, { connection: { id: "c", protocol: "http", ips: [], misc } });
}

test("an action that succeeded is recorded with the route it was asked by", () => {
  const { seen, record } = recording();
  record(asked("GET", "/lib/books/1?pretty"));
  record(asked("GET", "//lib/books/_first/"));
  record(asked("POST", "/_query"));
  record(asked(undefined, ""));
  assert.deepEqual(seen, [
    "document:get GET /:index/:collection/:_id",
    "document:get GET /:index/:collection/_first",
    "document:get -",
    "document:get -",
  ]);
});

test("a failed request is recorded by its errors, those inside a partial one too, and not as an action", () => {
  const { seen, record } = recording();
  const failed = asked("GET", "/lib/books/1");
  failed.setError(kerror("api.assert.body_required"));
  record(failed);
  const partly = asked("GET", "/lib/books/1");
  const inner = [kerror("services.storage.not_found", "1", "lib", "books"), { reason: "no id" }, null];
  partly.setError(kerrorWith("services.storage.import_failed", inner));
  record(partly);
  assert.deepEqual(seen, ["api.assert.body_required", "services.storage.import_failed", "services.storage.not_found"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { SearchClient } from "./search-client.ts";
import type { SearchRequestMessage } from "./wire/search-messages.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a walk whose client left while it was opened is closed; one that was not opened, or is over, is left alone", async () => {
  const sent: SearchRequestMessage[] = [];
  const cancelled: number[] = [];
  const client = new SearchClient({
    clock: { now: () => 0 },
    send: (messages) => void sent.push(...messages),
    cancel: (request) => void cancelled.push(request),
  });
  const open = { kind: "walk", target: 1, query: "{}", batchSize: 10 } as const;
  const gone = new AbortController();
  const walks = [1, 2, 3].map(() => client.request(open, 1_000, { signal: gone.signal }));
  await turn();
  gone.abort(new Error("gone"));
  for (const walk of walks) await assert.rejects(walk, /gone/);
  const [first, second, third] = sent;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  assert.deepEqual(cancelled, [first.request, second.request, third.request]);
  client.answered([
    { request: first.request, value: "the id of the walk" },
    { request: second.request, error: { id: undefined, parameters: [], message: "cancelled", stack: undefined } },
    { request: third.request, value: { documents: [{ id: "a", source: "{}", version: 1 }], isLast: true } },
  ]);
  await turn();
  assert.deepEqual(
    sent.slice(3).map(({ command }) => command),
    [{ kind: "closeScroll", scrollId: "the id of the walk" }],
  );
  client.close();
});

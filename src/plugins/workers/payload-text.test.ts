import assert from "node:assert/strict";
import { test } from "node:test";
import { BadRequestError, KuzzleRequest } from "../../kernel/index.ts";
import { clonedArguments, PayloadText } from "./payload-text.ts";

const request = new KuzzleRequest({ controller: "document", action: "create", _id: "7", body: { title: "t" } });
const written = (payload: unknown): unknown => JSON.parse(new PayloadText().of([payload], payload) ?? "null");

test("a request is written as it serialises itself, alone and inside of a payload", () => {
  const serialised = JSON.parse(JSON.stringify(request.serialize()));
  assert.equal(serialised.data._id, "7");
  assert.deepEqual(written(request), serialised);
  assert.deepEqual(written({ request, success: true }), { request: serialised, success: true });
  assert.deepEqual(clonedArguments([[{ _id: "7" }], request]), [[{ _id: "7" }], serialised]);
});

test("errors keep their message, those of the API all that they say", () => {
  const failure = written({ error: new TypeError("wrong") }) as { error: { name: string; message: string } };
  assert.equal(failure.error.name, "TypeError");
  assert.equal(failure.error.message, "wrong");
  assert.equal((written(new BadRequestError("no")) as { status: number }).status, 400);
});

test("no payload is no text", () => {
  assert.equal(new PayloadText().of([undefined], undefined), null);
});

test("one event is written once for all who hear of it, and anew when it is fired again", () => {
  const texts = new PayloadText();
  let writes = 0;
  const payload = { toJSON: () => ++writes };
  const firing = [payload];
  assert.equal(texts.of(firing, payload), "1");
  assert.equal(texts.of(firing, payload), "1");
  assert.equal(texts.of([payload], payload), "2");
});

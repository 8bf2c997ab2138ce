import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { catalogue, type ErrorId } from "./catalogue/index.ts";
import { ownErrors } from "./catalogue/own.ts";
import {
  BadRequestError,
  errorClasses,
  InternalError,
  KuzzleError,
  MultipleErrorsError,
  NotFoundError,
} from "./classes.ts";
import { kerror, kerrorFrom, kerrorWith } from "./kerror.ts";

interface ErrorFact {
  readonly id: string;
  readonly code: string;
  readonly class: string;
  readonly status: number;
}

const facts = JSON.parse(
  readFileSync(new URL("../../../contract/errors.json", import.meta.url), "utf8"),
) as readonly ErrorFact[];

test("every error of the contract has its id, code, class and status, and no other is there but the server's own", () => {
  const ofContract = Object.keys(catalogue).filter((id) => !Object.hasOwn(ownErrors, id));
  assert.deepEqual(ofContract.sort(), facts.map(({ id }) => id).sort());
  for (const fact of facts) {
    const definition = catalogue[fact.id as ErrorId];
    assert.equal(definition.code, Number(fact.code), fact.id);
    assert.equal(definition.class, fact.class, fact.id);
    const error = kerror(fact.id as ErrorId, ...(["a", "b", "c"] as never));
    assert.equal(error.status, fact.status, fact.id);
    assert.ok(error instanceof errorClasses[definition.class], fact.id);
    assert.notEqual(error.message, "", fact.id);
  }
});

test("the server's own errors have codes of their own, in sub-domains that the contract does not use", () => {
  for (const [id, { code }] of Object.entries(ownErrors)) assert.ok(((code >> 16) & 0xff) >= 0x80, id);
  for (const { id, code } of facts) assert.ok(((Number(code) >> 16) & 0xff) < 0x80, id);
  const codes = Object.values(catalogue).map(({ code }) => code);
  assert.equal(new Set(codes).size, codes.length);
});

test("an error fills its message and keeps the parameters as props", () => {
  const error = kerror("services.storage.not_found", "42", "lib", "books");
  assert.equal(error.message, 'Document "42" does not exist in "lib:books".');
  const { stack, ...json } = error.toJSON();
  assert.ok(stack);
  assert.deepEqual(json, {
    message: error.message,
    status: 404,
    props: ["42", "lib", "books"],
    id: "services.storage.not_found",
    code: catalogue["services.storage.not_found"].code,
  });
});

test("a parameter that looks like a pattern of replacement is taken as it is", () => {
  assert.equal(kerror("api.assert.missing_argument", "$&$1%s").message, 'Missing argument "$&$1%s".');
});

test("a cause is kept for the log and never serialised", () => {
  const cause = new Error("disk on fire");
  const error = kerrorFrom(cause, "services.storage.unexpected_error", "see the log");
  assert.equal(error.cause, cause);
  assert.equal("cause" in error.toJSON(), false);
});

test("an error over many carries them with their count", () => {
  const error = kerrorWith("api.process.incomplete_multiple_request", [{ status: 404 }, { status: 400 }], "mUpdate", 2);
  assert.ok(error instanceof MultipleErrorsError);
  assert.equal(error.toJSON().count, 2);
  assert.deepEqual(error.toJSON().errors, [{ status: 404 }, { status: 400 }]);
});

test("instanceof knows a class out of another copy of the package by its name", async () => {
  const copy = (await import(`./classes.ts?copy=${Date.now()}`)) as typeof import("./classes.ts");
  const foreign = new copy.NotFoundError("elsewhere");
  assert.ok(foreign instanceof KuzzleError);
  assert.ok(foreign instanceof NotFoundError);
  assert.ok(!(foreign instanceof BadRequestError));
  assert.ok(!(new Error("plain") instanceof KuzzleError));
  assert.ok(!(new InternalError("500") instanceof NotFoundError));
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { openTestSecurity } from "../../../../testing/security/test-security.ts";
import type { Action } from "../../../events/index.ts";

interface ContractAction {
  readonly name: string;
  readonly args: readonly { readonly name: string; readonly required: boolean }[];
  readonly errors: readonly { readonly id: string | null }[];
}

interface ContractRoute {
  readonly verb: string;
  readonly path: string;
  readonly controller: string;
  readonly action: string;
  readonly deprecated: boolean;
  readonly deprecatedSince: string | null;
  readonly replacement: string | null;
}

const contract = new URL("../../../../contract/", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, contract), "utf8");
const routes = JSON.parse(read("routes.json")) as readonly ContractRoute[];

/** Every reader of arguments and body may throw these; they need no declaration. */
const ofArguments = new Set(["api.assert.missing_argument", "api.assert.invalid_type", "api.assert.body_required"]);

/** Actions that only this server has. */
const beyondContract = new Set(
  (JSON.parse(read("beyond.json")) as readonly ContractRoute[]).map(
    ({ controller, action }) => `${controller}:${action}`,
  ),
);

for (const controller of ["auth", "security"]) {
  const described = (parse(read(`api/${controller}.yaml`)) as { actions: readonly ContractAction[] }).actions;

  test(`the routes of ${controller} are those of the contract`, async () => {
    await using server = await openTestSecurity();
    const expected = routes
      .filter((route) => route.controller === controller)
      .map(
        ({ verb, path, action, deprecatedSince, replacement }) =>
          `${verb} ${path} ${action} ${deprecatedSince} ${replacement}`,
      );
    const actual = server.actions
      .routes()
      .filter((route) => route.controller === controller && !beyondContract.has(`${controller}:${route.action}`))
      .map(({ verb, path, action, deprecated }) => {
        const replacement = deprecated?.message.replace("Use this route instead: ", "") ?? null;
        return `${verb} ${path} ${action} ${deprecated?.since ?? null} ${replacement}`;
      });
    assert.deepEqual(actual.sort(), expected.sort());
  });

  test(`the actions of ${controller} are those of the contract, with their arguments in its order`, async () => {
    await using server = await openTestSecurity();
    const served = server.actions.controllers().find(({ name }) => name === controller)?.actions ?? [];
    const present = served.filter((name) => !beyondContract.has(`${controller}:${name}`));
    assert.deepEqual(present.sort(), described.map(({ name }) => name).sort());
    for (const { name, args } of described) {
      const { action } = server.actions.get(controller, name);
      const own = Object.entries(action.args).filter(([, { in: from }]) => from === "args");
      const expected = args.map((argument) => `${name}: ${argument.name}${argument.required ? "" : "?"}`);
      assert.deepEqual(
        own.map(([argument, { required }]) => `${name}: ${argument}${required ? "" : "?"}`),
        expected,
      );
    }
  });

  test(`each action of ${controller} declares the errors of the contract`, async () => {
    await using server = await openTestSecurity();
    for (const { name, errors } of described) {
      const action: Action = server.actions.get(controller, name).action;
      const declared = new Set<string>(action.errors);
      for (const { id } of errors) {
        if (id !== null && !ofArguments.has(id)) assert.ok(declared.has(id), `${controller}:${name} lacks ${id}`);
      }
    }
  });
}

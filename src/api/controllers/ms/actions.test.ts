import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { parse } from "yaml";
import { silentLogger, systemClock } from "../../../kernel/index.ts";
import { createEmbeddedMemoryStore } from "../../../stores/memory/index.ts";
import type { MsAction, MsArgument } from "./action.ts";
import { msActions, msActionsByName } from "./actions.ts";

interface ContractArgument {
  readonly required: boolean;
  readonly props?: string;
}

interface ContractAction {
  readonly name: string;
  readonly http: readonly { readonly verb: string; readonly path: string }[];
  readonly args: readonly (ContractArgument & { readonly name: string; readonly in: string })[];
  readonly body: "none" | Readonly<Record<string, ContractArgument>>;
  readonly redis_args: string;
}

const file = new URL("../../../../contract/api/ms.yaml", import.meta.url);
const contract = parse(readFileSync(file, "utf8")) as { readonly actions: readonly ContractAction[] };

test("the table has the 118 actions of the contract, no other, none twice", () => {
  const names = contract.actions.map(({ name }) => name).sort();
  assert.equal(names.length, 118);
  assert.deepEqual(msActions.map((row) => row.action).sort(), names);
  assert.equal(msActionsByName.size, 118);
});

test("each action has the contract's route", () => {
  for (const { name, http } of contract.actions) {
    const expected = http.map(({ verb, path }) => ({ verb, path }));
    assert.deepEqual(msActionsByName.get(name)?.routes, expected, name);
  }
});

interface Described {
  readonly name: string;
  readonly from: string;
  readonly required: boolean;
  readonly props: string;
}

function describedByContract({ args, body }: ContractAction): Described[] {
  const described: Described[] = args.map(({ name, in: from, required, props = name }) => ({
    name,
    from,
    required,
    props,
  }));
  if (body !== "none") {
    for (const [name, { required, props = name }] of Object.entries(body)) {
      described.push({ name, from: "body", required, props });
    }
  }
  return described.sort(byName);
}

const byName = (a: Described, b: Described): number => (a.name < b.name ? -1 : 1);

const describe = ({ name, from, required, props }: MsArgument): Described => ({ name, from, required, props });

test("each action has the contract's arguments, where they are read and how errors call them", () => {
  for (const action of contract.actions) {
    const row = msActionsByName.get(action.name);
    assert.deepEqual(row?.arguments.map(describe).sort(byName), describedByContract(action), action.name);
  }
});

/** The argument vector in the contract's notation. */
function notation({ arguments: args }: MsAction): string {
  const parts = args.map(({ name, from, kind, required }) => {
    const path = from === "body" ? `body.${name}` : name;
    if (kind === "entries") return "<key> <value> ... (entry order)";
    if (kind === "fields") return "<field> <value> ...";
    if (kind === "points") return "<lon> <lat> <name> ...";
    if (kind === "options") return "<OPTIONS...>";
    if (kind === "limit") return "[LIMIT <offset> <count>]";
    if (kind === "match" || kind === "count") return `[${kind.toUpperCase()} <${name}>]`;
    if (kind !== "scalar") return `<${path}...>`;
    return required ? `<${path}>` : `[<${path}>]`;
  });
  return parts.length === 0 ? "none" : parts.join(" ");
}

test("the arguments stand in the order of the command's", () => {
  for (const { name, redis_args } of contract.actions) {
    const row = msActionsByName.get(name);
    assert.ok(row);
    if (row.extract === undefined && name !== "mexecute") assert.equal(notation(row), redis_args, name);
  }
});

test("the embedded engine knows the command of every action", async () => {
  await using store = createEmbeddedMemoryStore({ clock: systemClock, log: silentLogger });
  for (const { action, command } of msActions) {
    if (action === "mexecute") continue;
    try {
      store.run(command, []);
    } catch (error) {
      assert.match(String(error), /ERR wrong number of arguments/, action);
    }
  }
});

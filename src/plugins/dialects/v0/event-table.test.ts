import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { formerEvents, neverFired, relayed, toldDirectly } from "./event-table.ts";
import { userFormatEvent } from "./user-format.ts";

interface Row {
  readonly v0: string;
  readonly kind: "both" | "hook";
  readonly v2: readonly string[];
  readonly in: string;
  readonly out?: string;
  readonly note?: string;
}

const contract = parse(readFileSync(new URL("../../../../contract/plugins/events.yaml", import.meta.url), "utf8")) as {
  legacy: { v0: readonly Row[] };
};

/** In the words of the contract. */
const payloadOf: Readonly<Record<string, string>> = { message: "raw", join: "synth" };

/** What counts of an answer, by the kind of the payload; nothing of the others. */
const takenBack: Readonly<Record<string, RegExp>> = {
  req: /^req$/,
  res: /^res$/,
  ctxreq: /^ctxreq$/,
  conn: /^token of the returned context/,
  none: /^ignored$/,
  percent: /^ignored$/,
};

test("every event of the contract's table of the first generation is served as it says, or known never to fire", () => {
  for (const row of contract.legacy.v0) {
    const { v0, v2, in: payload } = row;
    if (v0.startsWith("memoryStorage:") || /[<*]/.test(v0)) continue; // served by rule
    if (toldDirectly.test(v0) || v0 === userFormatEvent) continue;
    const known = formerEvents.get(v0);
    if (known === undefined) {
      assert.match(v0, neverFired);
      assert.match(String(row.note), /optional/, `${v0} is not optional`);
      continue;
    }
    // What only the server itself fires has its own name; elsewhere this server may fire it for more than the contract knows.
    const ownName = payload === "synth" && known.today.includes(v0) ? [v0] : undefined;
    const expected = ownName ?? (relayed[v0] === undefined ? v2 : [v0]);
    for (const event of expected) assert.ok(known.today.includes(event), `${v0} is fired for ${event}`);
    if (relayed[v0] !== undefined) assert.deepEqual([relayed[v0]], v2, v0);
    if (payload !== "synth") assert.equal(payloadOf[known.conversion] ?? known.conversion, payload, v0);
    assert.equal(known.kind, row.kind, v0);
    if (row.out !== undefined && payload !== "synth") assert.match(row.out, takenBack[known.conversion] ?? /^$/, v0);
  }
});

test("nothing is served that the contract does not know", () => {
  const rows = new Map(contract.legacy.v0.flatMap((row) => namesOf(row).map((name) => [name, row] as const)));
  for (const name of formerEvents.keys()) {
    // The bare names follow from the others by rule, and so do the levels of the log.
    const isDerived = /^(admin|auth|data|security|subscription):[a-z]/.test(name) || name.startsWith("log:");
    assert.ok(rows.has(name) || isDerived, name);
  }
});

const namesOf = ({ v0, ...row }: Row & { readonly alias?: string }): string[] =>
  row.alias === undefined ? [v0] : [v0, row.alias.replace(" (code)", "")];

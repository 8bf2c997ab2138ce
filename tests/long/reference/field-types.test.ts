/** Types of fields, growing mappings and updates of mappings are those of the reference engine. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { KuzzleError } from "../../../src/kernel/index.ts";
import { parseMappings } from "../../../src/stores/documents/index.ts";
import { BothEngines } from "./both-engines.ts";
import { newMapping, newUnmappedDocument, newUpdate } from "./dynamic-mappings.ts";
import { searchesAmong } from "./effort.ts";
import { newDefinition, newDocuments, newSearches, typeCases } from "./field-types.ts";
import { MappingTwin } from "./mapping-twin.ts";
import { Random } from "./random.ts";
import { missingPrerequisite, openReference, type ReferenceEngine } from "./reference-engine.ts";

const skip = missingPrerequisite() ?? false;
const searchesOfType = searchesAmong(240);
const documents = 120;
const searches = 60;
const definitions = Math.ceil(searchesOfType / searches);

describe("mappings are those of the reference engine", { skip }, () => {
  let reference: ReferenceEngine;
  before(async () => {
    reference = await openReference();
  });
  after(() => reference?.[Symbol.asyncDispose]());

  for (const type of Object.keys(typeCases)) {
    test(`fields of type ${type}: ${definitions} definitions, with ${documents} documents and ${searches} searches each`, async () => {
      const random = new Random(71);
      const differences: string[] = [];
      for (let i = 0; i < definitions; i++) {
        const definition = newDefinition(random, type);
        const mappings = { dynamic: "false", properties: { uid: { type: "keyword" }, f: definition } } as const;
        const written = newDocuments(random, type, documents);
        const asked = newSearches(random, type, searches);
        const name = `type-${type}-${i}`;
        if (isRefused(mappings)) {
          const theirs = await reference.request("PUT", `/${name}`, { mappings });
          if (theirs.status < 300) differences.push(`ours refused ${JSON.stringify(definition)}`);
          continue;
        }
        await using both = await BothEngines.open(reference, name, mappings, {}, written);
        differences.push(...both.differences);
        if (both.differences.length > 0) continue;
        for (const search of asked) {
          const difference = await both.compare(search);
          if (difference !== undefined)
            differences.push(`${difference}\n    ${JSON.stringify(definition)} ${JSON.stringify(search.body)}`);
        }
      }
      assert.equal(differences.length, 0, differences.slice(0, 8).join("\n"));
    });
  }

  test("600 documents make 50 mappings grow as those of the reference do", async () => {
    const random = new Random(72);
    const differences: string[] = [];
    for (let i = 0; i < 50; i++) {
      const mappings = newMapping(random);
      const brought = random.list(12, () => newUnmappedDocument(random));
      const twin = await MappingTwin.open(reference, `grown-${i}`, mappings);
      if (typeof twin === "string") differences.push(twin);
      if (twin === undefined || typeof twin === "string") continue;
      await using both = twin;
      for (const [n, document] of brought.entries()) {
        const difference = await both.write(`d${n}`, document);
        if (difference === undefined) continue;
        differences.push(`${JSON.stringify(mappings)}\n    ${difference}`);
        break;
      }
    }
    assert.equal(differences.length, 0, differences.slice(0, 5).join("\n"));
  });

  test("150 updates of a field are taken and refused as there, with the same mapping behind them", async () => {
    const random = new Random(73);
    const differences: string[] = [];
    for (let i = 0; i < 150; i++) {
      const { before: from, after: to } = newUpdate(random);
      const twin = await MappingTwin.open(reference, `updated-${i}`, { dynamic: "false", properties: { f: from } });
      if (typeof twin === "string") differences.push(twin);
      if (twin === undefined || typeof twin === "string") continue;
      await using both = twin;
      const difference = await both.update({ properties: { f: to } });
      if (difference !== undefined) differences.push(`${JSON.stringify(from)}: ${difference}`);
    }
    assert.equal(differences.length, 0, differences.slice(0, 5).join("\n"));
  });
});

function isRefused(mappings: unknown): boolean {
  try {
    parseMappings(mappings);
    return false;
  } catch (error) {
    if (error instanceof KuzzleError) return true;
    throw error;
  }
}

/** Dates are read, refused, rounded and printed as the reference engine does. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BothEngines } from "./both-engines.ts";
import { dateFormats, dateMath, dateValues } from "./dates.ts";
import { missingPrerequisite, type ReferenceEngine, startReference } from "./reference-engine.ts";

const skip = missingPrerequisite() ?? false;

describe("dates are those of the reference engine", { skip }, () => {
  let reference: ReferenceEngine;
  before(async () => {
    reference = await startReference();
  });
  after(() => reference?.[Symbol.asyncDispose]());

  for (const [i, format] of dateFormats.entries()) {
    test(`in the format ${format}`, async () => {
      // As seconds that is a year which dates here do not reach.
      const values = dateValues.filter((at) => format !== "epoch_second" || at !== "20200102030405");
      const documents = values.map((at, n) => ({ at, uid: `u${String(n).padStart(3, "0")}` }));
      const properties = { at: { type: "date", format }, uid: { type: "keyword" } };
      await using both = await BothEngines.open(
        reference,
        `dates-${i}`,
        { dynamic: "false", properties },
        {},
        documents,
      );
      assert.deepEqual(both.differences, []);
      const body = {
        sort: ["uid", { at: "asc" }],
        aggs: { years: { date_histogram: { field: "at", fixed_interval: "100000d" } } },
      };
      assert.equal(await both.compare({ body, from: 0, size: 200 }), undefined);
    });
  }

  test("in date math", async () => {
    const documents = Array.from({ length: 500 }, (_, n) => ({ at: Date.UTC(2019, 0, 1) + n * 40_000_000 }));
    await using both = await BothEngines.open(
      reference,
      "math",
      { properties: { at: { type: "date" } } },
      {},
      documents,
    );
    for (const expression of dateMath) {
      for (const operator of ["gt", "gte", "lt", "lte"]) {
        const search = { body: { query: { range: { at: { [operator]: expression } } } }, from: 0, size: 0 };
        assert.equal(await both.compare(search), undefined, `${operator} ${expression}`);
      }
    }
  });
});

import { isPlainObject } from "../../../../kernel/index.ts";
import { InvalidValue } from "../invalid-value.ts";
import type { FieldType } from "./field-type.ts";

/** A query, stored to be asked which documents it would match (`percolate`). The index keeps it as JSON, and beside it what finds it. */
export const percolatorType: FieldType = {
  name: "percolator",
  parameters: {},
  isBare: true,
  compile: () => ({
    family: "query",
    docValues: false,
    parse(value) {
      if (!isPlainObject(value)) throw new InvalidValue("expected a query, which is an object");
      return JSON.stringify(value);
    },
  }),
};

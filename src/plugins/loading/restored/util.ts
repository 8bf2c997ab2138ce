/**
 * What `require("util")` answers for plugins and their dependencies: Node's module, and the tests of types that Node 23 has removed from it.
 * Source: contract/plugins/generations.md section 4.
 */
import util from "node:util";

const removed = {
  isBoolean: (value: unknown): boolean => typeof value === "boolean",
  isBuffer: (value: unknown): boolean => Buffer.isBuffer(value),
  isDate: (value: unknown): boolean => util.types.isDate(value),
  isError: (value: unknown): boolean => util.types.isNativeError(value) || value instanceof Error,
  isFunction: (value: unknown): boolean => typeof value === "function",
  isNull: (value: unknown): boolean => value === null,
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isNumber: (value: unknown): boolean => typeof value === "number",
  isObject: (value: unknown): boolean => typeof value === "object" && value !== null,
  isPrimitive: (value: unknown): boolean =>
    (typeof value !== "object" && typeof value !== "function") || value === null,
  isRegExp: (value: unknown): boolean => util.types.isRegExp(value),
  isString: (value: unknown): boolean => typeof value === "string",
  isSymbol: (value: unknown): boolean => typeof value === "symbol",
  isUndefined: (value: unknown): boolean => value === undefined,
  log: (...values: unknown[]): void => console.log(...values),
};

const restored = Object.defineProperties(
  {},
  { ...Object.getOwnPropertyDescriptors(removed), ...Object.getOwnPropertyDescriptors(util) },
);

// By this name `require` answers the value itself instead of a namespace.
export { restored as "module.exports" };

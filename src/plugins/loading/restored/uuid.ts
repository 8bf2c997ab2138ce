/**
 * What `require("uuid")` answers for packages of older plugins that never declared it. See `bluebird.ts`.
 */
import { randomUUID } from "node:crypto";

const v4 = (): string => randomUUID();

const restored = Object.assign(() => v4(), { v4, v1: v4 });

// By this name `require` answers the value itself instead of a namespace.
export { restored as "module.exports" };

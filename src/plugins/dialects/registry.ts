import type { Generation } from "../definition.ts";
import { definedDialect } from "./defined.ts";
import type { Dialect } from "./dialect.ts";
import { secondDialect } from "./v2/dialect.ts";

/** The dialects of this server: a generation that is added here is found, loaded and run like the others. */
const dialects: ReadonlyMap<Generation, Dialect> = new Map(
  [secondDialect, definedDialect].map((dialect) => [dialect.generation, dialect]),
);

export const findDialect = (generation: Generation): Dialect | undefined => dialects.get(generation);

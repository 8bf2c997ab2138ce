import type { QueryContext } from "./context.ts";
import type { Matcher } from "./matchers/matcher.ts";

/** Compiles the body of one kind of clause; yields when it has to look through many terms or documents. */
export type ClauseCompiler = (body: unknown, context: QueryContext) => Matcher | Generator<void, Matcher>;

/** The clauses of each file, by name. Clauses that hold queries compile them by `context.compile`. */
export type ClauseTable = Readonly<Record<string, ClauseCompiler>>;

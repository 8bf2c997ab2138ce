import { isDeeper } from "../../kernel/index.ts";

/** What is nested deeper is refused, so that no recursion over a document can exhaust the stack. A guess: far above what anybody nests. */
export const maxDepth = 200;

/** Whether what was parsed from a text is nested deeper than `levels`; a short text is not looked through. */
export const isTextDeeper = (text: string, value: unknown, levels: number): boolean =>
  text.length > levels * 2 && isDeeper(value, levels);

import { BadRequestError } from "../../kernel/index.ts";

/** Text that was no JSON: the one class of error that later releases lost. */
export class ParseError extends BadRequestError {}

import { catalogue, didYouMean, type ErrorId, errorFrom, InternalError, type KuzzleError } from "../../kernel/index.ts";
import type { WrappedErrors } from "./errors.ts";

/** `app.kerror`: the server's own errors, by the three parts of their ids: `get("services", "storage", "not_found", id, index, collection)`. */
export interface ServerErrors {
  get(domain: string, subDomain: string, name: string, ...placeholders: readonly unknown[]): KuzzleError;
  /** As `get`, keeping what caused it for the log. */
  getFrom(
    source: Error,
    domain: string,
    subDomain: string,
    name: string,
    ...placeholders: readonly unknown[]
  ): KuzzleError;
  reject(domain: string, subDomain: string, name: string, ...placeholders: readonly unknown[]): Promise<never>;
  wrap(domain: string, subDomain: string): WrappedErrors;
}

function make(id: string, placeholders: readonly unknown[], source?: unknown): KuzzleError {
  if (Object.hasOwn(catalogue, id)) return errorFrom(id, catalogue[id as ErrorId], placeholders, source);
  return new InternalError(`The server has no error "${id}".${didYouMean(id, Object.keys(catalogue))}`);
}

export const serverErrors: ServerErrors = Object.freeze({
  get: (domain, subDomain, name, ...placeholders) => make(`${domain}.${subDomain}.${name}`, placeholders),
  getFrom: (source, domain, subDomain, name, ...placeholders) =>
    make(`${domain}.${subDomain}.${name}`, placeholders, source),
  reject: (domain, subDomain, name, ...placeholders) =>
    Promise.reject(make(`${domain}.${subDomain}.${name}`, placeholders)),
  wrap: (domain, subDomain) => ({
    get: (name, ...placeholders) => make(`${domain}.${subDomain}.${name}`, placeholders),
    getFrom: (source, name, ...placeholders) => make(`${domain}.${subDomain}.${name}`, placeholders, source),
    reject: (name, ...placeholders) => Promise.reject(make(`${domain}.${subDomain}.${name}`, placeholders)),
  }),
} satisfies ServerErrors);

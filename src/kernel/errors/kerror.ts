import { catalogue, type ErrorId } from "./catalogue/index.ts";
import { errorClasses, type KuzzleError } from "./classes.ts";
import type { ErrorDefinition } from "./definition.ts";

/** One parameter for each `%s` of the message: a wrong number of them does not compile. */
type Parameters<Message extends string> = Message extends `${string}%s${infer Rest}`
  ? [unknown, ...Parameters<Rest>]
  : [];

export type ErrorParameters<Id extends ErrorId> = Parameters<(typeof catalogue)[Id]["message"]>;

/**
 * An error of the catalogue, ready to throw.
 *
 * `kerror("services.storage.not_found", "42", "lib", "books")` has the id, code, class and status of the catalogue, the message with
 * its placeholders filled, and the parameters as `props`.
 */
export function kerror<Id extends ErrorId>(id: Id, ...parameters: ErrorParameters<Id>): KuzzleError {
  return errorFrom(id, catalogue[id], parameters);
}

/** As {@link kerror}, keeping what caused it for the log (`cause` never goes on the wire). */
export function kerrorFrom<Id extends ErrorId>(
  cause: unknown,
  id: Id,
  ...parameters: ErrorParameters<Id>
): KuzzleError {
  return errorFrom(id, catalogue[id], parameters, cause);
}

/** `MultipleErrorsError` and `PartialError` of the catalogue carry the errors they sum up. */
export function kerrorWith<Id extends ErrorId>(
  id: Id,
  errors: readonly unknown[],
  ...parameters: ErrorParameters<Id>
): KuzzleError {
  const definition = catalogue[id];
  const error = errorFrom(id, definition, parameters);
  return Object.assign(error, { errors, count: errors.length });
}

/** For catalogues made at run time (plugins, applications): the definition is given instead of looked up. */
export function errorFrom(
  id: string,
  definition: ErrorDefinition,
  parameters: readonly unknown[],
  cause?: unknown,
): KuzzleError {
  const message = fill(definition.message, parameters);
  const options = cause === undefined ? undefined : { cause };
  const { class: className } = definition;
  const error =
    className === "PartialError" || className === "MultipleErrorsError"
      ? new errorClasses[className](message, [], id, definition.code, options)
      : new errorClasses[className](message, id, definition.code, options);
  error.props = parameters;
  return error;
}

function fill(message: string, parameters: readonly unknown[]): string {
  let next = 0;
  return message.replaceAll("%s", () => asText(parameters[next++]));
}

function asText(parameter: unknown): string {
  if (typeof parameter === "string") return parameter;
  if (parameter instanceof Error) return parameter.message;
  return typeof parameter === "object" ? JSON.stringify(parameter) : String(parameter);
}

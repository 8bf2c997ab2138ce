import { isPlainObject } from "../../../kernel/index.ts";

type Check = readonly [what: string, isRight: (value: unknown) => boolean];

const isText = (value: unknown): boolean => typeof value === "string";
const isListOf = (isRight: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(isRight);
const isMapOfObjects = (value: unknown): boolean => isPlainObject(value) && Object.values(value).every(isPlainObject);

/** Of a parameter only that it can be told apart: authors also write `in: "body"`, which was right once. */
const isParameter = (value: unknown): boolean =>
  isPlainObject(value) && (isText(value.$ref) || (isText(value.name) && isText(value.in)));

const members: Readonly<Record<string, Check>> = {
  summary: ["a text", isText],
  description: ["a text", isText],
  operationId: ["a text", isText],
  tags: ["a list of texts", isListOf(isText)],
  deprecated: ["true or false", (value) => typeof value === "boolean"],
  parameters: ['a list of objects with "name" and "in"', isListOf(isParameter)],
  requestBody: ["an object", isPlainObject],
  responses: ["an object of answers by their status", isMapOfObjects],
  security: ["a list of objects", isListOf(isPlainObject)],
};

/** What is wrong with the description of a route, which becomes an operation of the server's OpenAPI document; undefined when nothing is. */
export function wrongWithOperation(openapi: unknown): string | undefined {
  if (!isPlainObject(openapi)) return "it must be an object.";
  for (const [member, [what, isRight]] of Object.entries(members)) {
    if (openapi[member] !== undefined && !isRight(openapi[member])) return `"${member}" must be ${what}.`;
  }
  return undefined;
}

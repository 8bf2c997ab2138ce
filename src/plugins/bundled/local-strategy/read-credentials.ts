import { BadRequestError, type JSONObject } from "../../../kernel/index.ts";

/** The credentials that a client gives: both members for new ones, one at least for an update. Error: `BadRequestError` (400). */
export function readCredentials(credentials: JSONObject, isUpdate: boolean): { username?: string; password?: string } {
  if (credentials.kuid !== undefined) throw new BadRequestError("A kuid cannot be part of the credentials.");
  const read = (name: "username" | "password"): string | undefined => {
    const value = credentials[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string" || value === "")
      throw new BadRequestError(`"${name}" must be a text that is not empty.`);
    return value;
  };
  const username = read("username");
  const password = read("password");
  if (!isUpdate && username === undefined) throw new BadRequestError('"username" is required.');
  if (!isUpdate && password === undefined) throw new BadRequestError('"password" is required.');
  if (username === undefined && password === undefined)
    throw new BadRequestError('"username" or "password" is required.');
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
}

import { kerror, type RequestInput } from "../../../kernel/index.ts";
import { member, refuseBoth, requiredBody, scalarText, truthyId } from "./texts.ts";

/** `<_id> <value> [EX <ex>] [PX <px>] [NX] [XX]` */
export function extractSet(input: RequestInput): string[] {
  const id = truthyId(input);
  const body = requiredBody(input);
  const value = member(body, "value");
  if (typeof value !== "string" && typeof value !== "number") {
    throw kerror("api.assert.invalid_type", "value", "string, number");
  }
  refuseBoth(body, "nx", "xx");
  refuseBoth(body, "ex", "px");
  const texts = [id, String(value)];
  for (const name of ["ex", "px"]) {
    const delay = member(body, name);
    // Null is sent, as an empty text, which the engine refuses.
    if (delay !== undefined) texts.push(name.toUpperCase(), delay === null ? "" : scalarText(delay, name));
  }
  if (member(body, "nx")) texts.push("NX");
  if (member(body, "xx")) texts.push("XX");
  return texts;
}

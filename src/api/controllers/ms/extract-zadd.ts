import { isPlainObject, kerror, type RequestInput } from "../../../kernel/index.ts";
import { member, refuseBoth, requiredArray, requiredBody, scalarText, startsWithNumber, truthyId } from "./texts.ts";

/** `<_id> [NX] [XX] [CH] [INCR] <score> <member> ...` */
export function extractZadd(input: RequestInput): string[] {
  const texts = [truthyId(input)];
  const body = requiredBody(input);
  const elements = requiredArray(body, "elements");
  refuseBoth(body, "nx", "xx");
  if (elements.length === 0) throw kerror("api.assert.empty_argument", "elements");
  if (member(body, "incr") && elements.length > 1) throw kerror("api.assert.too_many_arguments", "elements");
  for (const option of ["nx", "xx", "ch", "incr"]) if (member(body, option)) texts.push(option.toUpperCase());
  for (const [i, element] of elements.entries()) {
    if (!isPlainObject(element)) throw kerror("api.assert.invalid_argument", "elements", "<array of objects>");
    const name = member(element, "member");
    const score = member(element, "score");
    if (!name) throw kerror("api.assert.missing_argument", `elements[${i}].member`);
    if (!startsWithNumber(score)) throw kerror("api.assert.invalid_type", "score", "number");
    texts.push(scalarText(score, "score"), scalarText(name, `elements[${i}].member`));
  }
  return texts;
}

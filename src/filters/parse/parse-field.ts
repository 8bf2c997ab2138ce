import { FilterError } from "../filter-error.ts";
import { isPlainObject } from "../plain-object.ts";

/** Levels of a dotted path; a guess well above any mapping's. */
const maxPathLevels = 64;

/** Refuses paths that only cost time. */
export function checkField(field: string, keyword: string, path: string): void {
  if (field === "") throw new FilterError("the name of a field must not be empty", keyword, path);
  let levels = 1;
  for (let dot = field.indexOf("."); dot !== -1; dot = field.indexOf(".", dot + 1)) levels++;
  if (levels > maxPathLevels) throw new FilterError(`a path has at most ${maxPathLevels} levels`, keyword, path);
}

/** The field name and value of a clause that tests exactly one field. */
export function readOnlyMember(content: unknown, keyword: string, path: string): [field: string, value: unknown] {
  if (!isPlainObject(content)) throw new FilterError("must be an object with one field", keyword, path);
  const members = Object.entries(content);
  const [only] = members;
  if (only === undefined || members.length > 1) {
    throw new FilterError(`takes exactly one member, found ${members.length}`, keyword, path);
  }
  checkField(only[0], keyword, path);
  return only;
}

/** A deep copy that cannot be changed: plugins share it. Functions stay the same ones. */
export function frozenCopy<T>(value: T): Readonly<T> {
  return copy(value, new Map()) as Readonly<T>;
}

function copy(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value !== "object" || value === null) return value;
  const seen = known.get(value);
  if (seen !== undefined) return seen;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    known.set(value, list);
    for (const item of value) list.push(copy(item, known));
    return Object.freeze(list);
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value; // dates, expressions, buffers
  const result: Record<string, unknown> = {};
  known.set(value, result);
  for (const [key, member] of Object.entries(value)) {
    if (key !== "__proto__") result[key] = copy(member, known);
  }
  return Object.freeze(result);
}

/** True when an object was made by a class of this name, or by one that extends such a class: plugins may carry a copy of theirs. */
export function descendsFrom(candidate: unknown, className: string): boolean {
  if (typeof candidate !== "object" || candidate === null) return false;
  let prototype: object | null = Object.getPrototypeOf(candidate);
  while (prototype !== null && prototype !== Object.prototype) {
    if (Object.hasOwn(prototype, "constructor") && prototype.constructor.name === className) return true;
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
}

/** Counts the calls of a method. */
export function counted(_target: object, name: string, descriptor: PropertyDescriptor) {
  const method = descriptor.value;
  descriptor.value = function (...args: unknown[]) {
    counted.calls[name] = (counted.calls[name] ?? 0) + 1;
    return method.apply(this, args);
  };
  Object.defineProperty(descriptor.value, "name", { value: name });
}

export namespace counted {
  export const calls: Record<string, number> = {};
}

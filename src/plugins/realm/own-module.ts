import { extname } from "node:path";

/**
 * URL of a module of this package, named without its extension: it is `.ts` in the sources and `.js` in the build, and names in strings are not
 * rewritten by the compiler.
 */
export function ownModule(name: string, from: string): string {
  return new URL(name + extname(new URL(from).pathname), from).href;
}

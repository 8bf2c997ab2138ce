/** `import { A, B as C } from "…"`, perhaps with a default before; types are gone already. */
const namedImport = /^[ \t]*import\s+(?:([\w$]+)\s*,\s*)?\{([^}]*)\}\s*from\s*(["'][^"'\n]+["'])[ \t]*;?/gm;

/** Lines that are only a comment: a name in them is no use. */
const commentLine = /^[ \t]*(?:\/\/|\/\*|\*[ /]|\*$).*$/gm;

/**
 * Takes out of stripped TypeScript the imported names that nothing uses: they were types, and loading would fail at names that do not exist.
 * The compiler does the same, and authors count on it (`import { Backend, JSONObject } from "kuzzle"`). Positions stay.
 */
export function withoutTypeImports(source: string): string {
  const code = source.replace(namedImport, "").replace(commentLine, "");
  return source.replace(namedImport, (statement, byDefault: string | undefined, names: string, from: string) => {
    const written = names.split(",").filter((name) => name.trim() !== "");
    const used = written.filter((name) => isUsed(localName(name), code));
    if (used.length === written.length) return statement;
    const lines = "\n".repeat(statement.split("\n").length - 1);
    if (used.length === 0 && (byDefault === undefined || !isUsed(byDefault, code))) return lines;
    const named = `{ ${used.map((name) => name.trim().replace(/\s+/g, " ")).join(", ")} }`;
    return `import ${byDefault === undefined ? "" : `${byDefault}, `}${named} from ${from};${lines}`;
  });
}

/** What `A` or `A as B` is called in the module. */
const localName = (name: string): string => name.trim().split(/\s+/).at(-1) ?? "";

const isUsed = (name: string, code: string): boolean =>
  new RegExp(`(?<![\\w$])${RegExp.escape(name)}(?![\\w$])`).test(code);

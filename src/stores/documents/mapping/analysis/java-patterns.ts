/** Classes of ASCII characters by the names that Java gives them; those of RE2 have the same members. */
const asciiClasses: Readonly<Record<string, string>> = {
  Lower: "lower",
  Upper: "upper",
  ASCII: "ascii",
  Alpha: "alpha",
  Digit: "digit",
  Alnum: "alnum",
  Punct: "punct",
  Graph: "graph",
  Print: "print",
  Blank: "blank",
  Cntrl: "cntrl",
  XDigit: "xdigit",
  Space: "space",
};

const horizontalSpace = " \\t\\x{A0}\\x{1680}\\x{180E}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}";
const lineBreaks = "\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}";

/**
 * A regular expression as Java writes it, with the classes that RE2 writes in another way: `\p{Punct}`, `\p{IsHan}`, `\p{sc=Greek}`, `\h`, `\R`.
 * Throws what cannot be said to RE2, which would take it for characters.
 */
export function fromJava(source: string): string {
  /** Where the first character of the class stands that is open. */
  let firstInClass: number | undefined;
  // A quotation, an escape with what belongs to it, the beginning and the end of a class, and what joins classes.
  return source.replace(/\\Q[\s\S]*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\[\s\S]|\[\^?|\]|&&/g, (part, at: number) => {
    const isInClass = firstInClass !== undefined;
    if (part.startsWith("[")) {
      if (isInClass)
        throw new Error(
          'a class within a class of characters, "[a[b]]", is not supported: name the characters themselves',
        );
      firstInClass = at + part.length;
    } else if (part === "]") {
      if (at !== firstInClass) firstInClass = undefined;
    } else if (part === "&&") {
      if (isInClass) throw new Error('"&&" in a class of characters is not supported: name the characters themselves');
    } else if (/^\\[pP]\{/.test(part)) return propertyOf(part, isInClass);
    else if (part === "\\h") return isInClass ? horizontalSpace : `[${horizontalSpace}]`;
    else if (part === "\\H" && !isInClass) return `[^${horizontalSpace}]`;
    else if (part === "\\R" && !isInClass) return `(?:\\r\\n|[${lineBreaks}])`;
    return part;
  });
}

function propertyOf(property: string, isInClass: boolean): string {
  const isNegated = property[1] === "P";
  const name = property.slice(3, -1);
  const ascii = Object.hasOwn(asciiClasses, name) ? asciiClasses[name] : undefined;
  if (ascii !== undefined) {
    const inside = `[:${isNegated ? "^" : ""}${ascii}:]`;
    return isInClass ? inside : `[${inside}]`;
  }
  const plain = /^(?:Is|(?:script|sc|general_category|gc)=)(.+)$/i.exec(name)?.[1];
  return plain === undefined ? property : `\\${isNegated ? "P" : "p"}{${plain}}`;
}

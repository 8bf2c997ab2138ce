const tokenKeys = ["algorithm", "expiresIn", "gracePeriod", "maxTTL", "secret"];

/** The keys in the tables of `contract/config.md`, section 4. Rows with a `<name>` stand for keys of the user's own and are left out. */
export function readConfigKeys(markdown: string): string[] {
  const keys: string[] = [];
  let prefix = "";
  for (const line of section(markdown).split("\n")) {
    const introduction = /^`([^`]+)`:$/.exec(line);
    if (introduction !== null) prefix = `${introduction[1]}.`;
    else if (line.startsWith("#")) prefix = "";
    const [, cell = ""] = line.split(/(?<!\\)\|/).map((part) => part.trim());
    if (!cell.startsWith("`") || cell.includes("<name>") || cell.includes("config/")) continue;
    for (const key of keysOf(cell)) keys.push(`${prefix}${key}`);
  }
  return keys;
}

function section(markdown: string): string {
  return markdown.slice(markdown.indexOf("## 4. Keys"), markdown.indexOf("## 5. "));
}

/** One cell may name several keys: siblings, `{a,b}`, a star, or the same key of both caches. */
function keysOf(cell: string): string[] {
  const [name = "", ...siblings] = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
  if (name.endsWith(".jwt.*")) return tokenKeys.map((key) => name.replace("*", key));
  const several = /^(.*)\{(.*)\}$/.exec(name);
  if (several !== null) return (several[2] ?? "").split(",").map((key) => `${several[1]}${key.trim()}`);
  const parent = name.slice(0, name.lastIndexOf("."));
  return [name, ...siblings.map((sibling) => `${parent}${sibling}`)].flatMap((key) =>
    key.startsWith("….")
      ? ["internalCache", "memoryStorage"].map((cache) => `services.${cache}.${key.slice(2)}`)
      : [key],
  );
}

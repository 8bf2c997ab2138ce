function kebabCase(text: string): string {
  return text
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .replace(/[\s_]+/g, "-")
    .toLowerCase();
}

const upFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const pascalCase = (text: string): string => kebabCase(text).split("-").map(upFirst).join("");

function camelCase(text: string): string {
  const pascal = pascalCase(text);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

const snakeCase = (text: string): string => kebabCase(text).replaceAll("-", "_");

/** Turns names from one style into another: `MyPlugin`, `my plugin` and `my_plugin` are all `my-plugin` in kebab-case. */
export const Inflector = Object.freeze({ kebabCase, upFirst, pascalCase, camelCase, snakeCase });

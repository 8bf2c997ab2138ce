import { basename, sep } from "node:path";

/** What no program reads: hidden files, packages that were installed, and what editors leave for a moment. */
export const isIgnored = (path: string): boolean => path.split(sep).some(isIgnoredName) || isOfEditor(basename(path));

const isIgnoredName = (name: string): boolean => name.startsWith(".") || name === "node_modules";

/** `index.js~` of many, `#index.js#` of Emacs, `4913` of Vim, `index.js___jb_tmp___`. */
const isOfEditor = (name: string): boolean =>
  name.endsWith("~") || /^#.*#$/.test(name) || name === "4913" || /___jb_(tmp|old)___$/.test(name);

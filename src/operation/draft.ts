import { randomUUID } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";

/** Where a backup lies until it is whole and gets its name. */
export const draftOf = (target: string): string =>
  join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.partial`);

/** What a killed backup left, however far it had come. */
export const isDraft = (path: string): boolean => /^\..+\.[0-9a-f]{8}\.partial$/.test(basename(resolve(path)));

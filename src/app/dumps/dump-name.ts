import { BadRequestError } from "../../kernel/index.ts";
import { formatDate } from "./date-name.ts";

/** Characters; what file systems take is counted in bytes. */
const maxLength = 200;
const maxBytes = 255;

/** Name of a dump's directory: `20261121-154500-manual-api-action`. Error: `BadRequestError` when the suffix would lead elsewhere. */
export function dumpName(dateFormat: string, date: Date, suffix: string): string {
  if (/[/\\\0]/.test(suffix)) {
    throw new BadRequestError(
      '"suffix" ends the name of a directory: it cannot contain "/", "\\" or a null character.',
    );
  }
  const prefix = formatDate(dateFormat, date).replaceAll(/[/\\\0]/g, "-");
  let name = `${prefix}-${suffix}`.toWellFormed().slice(0, maxLength);
  while (Buffer.byteLength(name) > maxBytes) name = name.slice(0, -1);
  return name;
}

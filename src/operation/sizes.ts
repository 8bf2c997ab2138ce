const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** `12.3 MiB`. */
export function textOfSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

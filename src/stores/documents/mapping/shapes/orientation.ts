/** `right`, `ccw`, `counterclockwise`, `left`, `cw`, `clockwise`: whether outer rings go clockwise; undefined for anything else. */
export function readOrientation(value: unknown): boolean | undefined {
  switch (typeof value === "string" ? value.toLowerCase() : undefined) {
    case "right":
    case "ccw":
    case "counterclockwise":
      return false;
    case "left":
    case "cw":
    case "clockwise":
      return true;
    default:
      return undefined;
  }
}

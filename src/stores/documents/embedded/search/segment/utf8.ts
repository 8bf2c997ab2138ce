/** Bytes of the character that begins with one. */
export const sizeOf = (first: number): number => (first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);

/** The character of so many bytes. */
export function codePointAt(bytes: Uint8Array, at: number, size: number): number {
  if (size === 1) return bytes[at] as number;
  let code = (bytes[at] as number) & (0x7f >> size);
  for (let i = 1; i < size; i++) code = (code << 6) | ((bytes[at + i] as number) & 0x3f);
  return code;
}

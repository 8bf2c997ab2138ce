/**
 * The product of two numbers by the digits that they are written with: 19.99 times 100 is 1999, where the processor answers 1998.9999999999998.
 * What bounds of a `scaled_float` are multiplied by, in the reference engine too.
 */
export function exactProduct(a: number, b: number): number {
  const left = digitsOf(a);
  const right = digitsOf(b);
  if (left === undefined || right === undefined) return a * b;
  return Number(`${left.digits * right.digits}e${left.exponent + right.exponent}`);
}

function digitsOf(value: number): { readonly digits: bigint; readonly exponent: number } | undefined {
  const match = /^(-?\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (match === null) return undefined;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

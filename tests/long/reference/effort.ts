/**
 * How much the suite generates: `DIFFERENTIAL_SEARCHES` searches of each kind and `DIFFERENTIAL_SEEDS` collections, from the seed
 * `DIFFERENTIAL_FIRST_SEED` on. `npm run test:differential` has options for them.
 */
const numberFrom = (name: string, otherwise: number): number => {
  const text = process.env[name];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`${name} must be a whole number, 1 or more: "${text}"`);
  return value;
};

export const searchesOfKind = numberFrom("DIFFERENTIAL_SEARCHES", 700);
const firstSeed = numberFrom("DIFFERENTIAL_FIRST_SEED", 1);
export const seeds = Array.from({ length: numberFrom("DIFFERENTIAL_SEEDS", 3) }, (_, i) => firstSeed + i);

/** How many searches a kind has whose own measure is `usual`: that many, and fewer in a short run. */
export const searchesAmong = (usual: number): number => Math.min(usual, searchesOfKind);

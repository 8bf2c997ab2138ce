import type { DatabaseSync } from "node:sqlite";

/** Rows of one statement: about a millisecond. */
const rowsAtOnce = 5_000;

/**
 * The numbers that the ids of a collection lead to, some thousand at a time. They come out of SQLite as one text: 165 ns for each, where a row
 * for each takes 370.
 */
export function* liveNumbers(database: DatabaseSync, collection: number): Generator<readonly number[], void> {
  const some = database.prepare(
    `SELECT max(id), group_concat(number) FROM (SELECT id, number FROM ids_${collection} WHERE id > ? ORDER BY id LIMIT ${rowsAtOnce})`,
  );
  some.setReturnArrays(true);
  for (let last: string | null = ""; ; ) {
    // The cast: the statement answers one row of these; nulls when nothing is left.
    const row = some.get(last) as unknown as [string | null, string | null];
    if (row[0] === null || row[1] === null) return;
    [last] = row;
    yield parseNumbers(row[1]);
  }
}

/** The numbers of the rows of a collection up to one, live or superseded, in order. */
export function* rowNumbers(
  database: DatabaseSync,
  collection: number,
  upTo: number,
): Generator<readonly number[], void> {
  const some = database.prepare(
    `SELECT group_concat(number) FROM (SELECT number FROM rows_${collection} WHERE number > ? AND number <= ? ORDER BY number LIMIT ${rowsAtOnce})`,
  );
  some.setReturnArrays(true);
  for (let last = 0; ; ) {
    const [text] = some.get(last, upTo) as unknown as [string | null]; // as above
    if (text === null) return;
    const numbers = parseNumbers(text);
    last = numbers.at(-1) ?? upTo;
    yield numbers;
  }
}

/** The numbers of the live rows of a collection behind one, in order. */
export function* liveNumbersBehind(
  database: DatabaseSync,
  collection: number,
  behind: number,
): Generator<readonly number[], void> {
  const rows = `rows_${collection} r CROSS JOIN ids_${collection} i ON i.id = r.id AND i.number = r.number`;
  const some = database.prepare(
    `SELECT group_concat(number) FROM (SELECT r.number FROM ${rows} WHERE r.number > ? ORDER BY r.number LIMIT ${rowsAtOnce})`,
  );
  some.setReturnArrays(true);
  for (let last = behind; ; ) {
    const [text] = some.get(last) as unknown as [string | null]; // as above
    if (text === null) return;
    const numbers = parseNumbers(text);
    last = numbers.at(-1) ?? last;
    yield numbers;
  }
}

/** Ids of one statement: about a millisecond. */
const idsAtOnce = 10_000;
/** Sums of numbers are kept below it. */
export const sumLimit = 2 ** 31;

/** How many ids a part of a collection has, and the sum of the numbers that they lead to, modulo {@link sumLimit}. */
export interface IdSum {
  readonly count: number;
  readonly sum: number;
}

/** Part by part: 60 ns for each id, where {@link liveNumbers} takes 165. */
export function* idSums(database: DatabaseSync, collection: number): Generator<IdSum, void> {
  const ids = `ids_${collection}`;
  const end = database.prepare(`SELECT id FROM ${ids} WHERE id > ? ORDER BY id LIMIT 1 OFFSET ${idsAtOnce - 1}`);
  const part = `SELECT count(*) AS count, coalesce(sum(number), 0) % ${sumLimit} AS sum FROM ${ids} WHERE id > ?`;
  const some = database.prepare(`${part} AND id <= ?`);
  const rest = database.prepare(part);
  // The casts: the statements answer these.
  for (let last = ""; ; ) {
    const to = end.get(last)?.id as string | undefined;
    if (to === undefined) return yield rest.get(last) as unknown as IdSum;
    yield some.get(last, to) as unknown as IdSum;
    last = to;
  }
}

const comma = 0x2c;
const zero = 0x30;

function parseNumbers(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === comma) {
      numbers.push(value);
      value = 0;
    } else {
      value = value * 10 + code - zero;
    }
  }
  numbers.push(value);
  return numbers;
}

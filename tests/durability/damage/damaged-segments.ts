import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { crc32 } from "node:zlib";
import { createLogger, isPlainObject, type JSONObject, systemClock } from "../../../src/kernel/index.ts";
import { createEmbeddedStore, type DocumentStore, type IndexWork } from "../../../src/stores/documents/index.ts";
import { Random } from "../../long/reference/random.ts";
import { churnMappings, churnSizes } from "../churn/churn-requests.ts";
import { answersOf } from "../churn/searches.ts";

/** The collection whose segments are damaged. */
export const target = { index: "churn", collection: "fuzz" };
const trailerBytes = 24;
const words = ["alder", "birch", "oak", "pine", "yew", "elm"];

export interface Opened {
  readonly store: DocumentStore;
  readonly lines: string[];
  readonly work: IndexWork[];
}

/** Opens a store; `lines` is its log. */
export async function open(directory: string, more: { readonly maxFieldBytes?: number } = {}): Promise<Opened> {
  const lines: string[] = [];
  const work: IndexWork[] = [];
  const log = createLogger(
    (level, event, fields) => void lines.push(`${level} ${event} ${JSON.stringify(fields)}`),
    () => log,
  );
  const onIndexWork = (one: IndexWork): void => void work.push(one);
  const options = { directory, log, clock: systemClock, segmentSizes: churnSizes, onIndexWork, ...more };
  return { store: await createEmbeddedStore(options), lines, work };
}

/** A data directory whose documents all lie in stored segments, and what its searches answer. */
export async function prepare(t: TestContext): Promise<{ directory: string; expected: unknown }> {
  const directory = mkdtempSync(join(tmpdir(), "tenon-segment-fuzz-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { store, work } = await open(directory);
  await store.createCollection(target, "public", churnMappings, {});
  const random = new Random(7);
  for (let batch = 0; batch < 8; batch++) {
    await store.write(
      target,
      Array.from({ length: 60 }, (_, i) => {
        const n = batch * 60 + i;
        const source = {
          lane: n % 3,
          n,
          k: random.some(words, 0.4),
          t: random.list(6, () => random.pick(words)).join(" "),
          at: 1_700_000_000_000 + n * 1e6,
          g: { lat: random.below(170) - 85, lon: random.below(350) - 175 },
          list: random.list(random.below(3), () => ({ k: random.pick(words), n: random.next() })),
        };
        return { kind: "create", id: `d${n}`, source: JSON.stringify(source) } as const;
      }),
    );
  }
  await store.write(target, [{ kind: "delete", id: "d17" }]);
  const deadline = Date.now() + 20_000;
  // What was frozen last is stored last.
  const isStored = (): boolean => work.findLastIndex(({ kind }) => kind === "stored") > work.findLastIndex(isMade);
  while (work.filter(isMade).length < 20 || !isStored()) {
    assert.ok(Date.now() < deadline, "the segments were not stored");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const expected = await answersOf(store, target);
  await store.close();
  return { directory, expected };
}

const isMade = ({ kind }: IndexWork): boolean => kind === "frozen" || kind === "merged";

/** The directory of a segment's file, changed, with a checksum that is right. */
function withDirectory(file: Buffer, change: (directory: JSONObject) => void): Buffer {
  const trailer = Buffer.from(file.subarray(file.length - trailerBytes));
  const offset = trailer.readDoubleLE(8);
  const directory = JSON.parse(file.subarray(offset, offset + trailer.readUInt32LE(16)).toString()) as JSONObject;
  change(directory);
  const text = Buffer.from(JSON.stringify(directory));
  trailer.writeUInt32LE(text.length, 16);
  trailer.writeUInt32LE(crc32(text), 20);
  return Buffer.concat([file.subarray(0, offset), text, trailer]);
}

interface Spaces {
  spaces: {
    count: number;
    parentOf: unknown;
    fields: Record<string, { kind: string; numbers: JSONObject; columns: JSONObject }>;
  }[];
}

const damages: Readonly<Record<string, (random: Random, file: Buffer) => Buffer>> = {
  "flipped bits": (random, file) => {
    const damaged = Buffer.from(file);
    for (let i = random.between(1, 3); i > 0; i--) {
      const at = random.below(damaged.length);
      damaged[at] = (damaged[at] as number) ^ (1 << random.below(8));
    }
    return damaged;
  },
  "a cut": (random, file) => file.subarray(0, random.below(file.length)),
  "an extension": (random, file) => Buffer.concat([file, Buffer.alloc(random.between(1, 600), random.below(256))]),
  "an inner gap": (random, file) => {
    const at = random.below(file.length - 10);
    return Buffer.concat([file.subarray(0, at), file.subarray(at + random.between(1, 9))]);
  },
  "exchanged columns": (random, file) =>
    withDirectory(file, (directory) => {
      const { fields } = random.pick((directory as unknown as Spaces).spaces);
      const columns = Object.values(fields).flatMap((field) =>
        Object.keys(field.columns).map((name) => ({ field, name })),
      );
      const [a, b] = [random.pick(columns), random.pick(columns)];
      const before = a.field.columns[a.name];
      a.field.columns[a.name] = b.field.columns[b.name];
      b.field.columns[b.name] = before;
    }),
  "exchanged fields": (random, file) =>
    withDirectory(file, (directory) => {
      const { fields } = (directory as unknown as Spaces).spaces[0] as Spaces["spaces"][number];
      const [a, b] = [random.pick(Object.keys(fields)), random.pick(Object.keys(fields))];
      [fields[a], fields[b]] = [fields[b] as never, fields[a] as never];
    }),
  "a directory of garbage": (random, file) =>
    withDirectory(file, (directory) => {
      const garbage: readonly unknown[] = [null, -1, 1e9, "x", [], {}, [0, 1e9, 0, "u8", 0], [-5, 4, 0, "zz", 1e12]];
      const space = random.pick((directory as unknown as Spaces).spaces);
      const field = random.pick(Object.values(space.fields));
      const places: readonly (() => void)[] = [
        () => Object.assign(directory, { spaces: random.pick(garbage) }),
        () => Object.assign(directory, { docNumbers: random.pick(garbage) }),
        () => Object.assign(space, { count: random.pick(garbage) }),
        () => Object.assign(space, { parentOf: random.pick(garbage) }),
        () => Object.assign(space, { parent: "nowhere" }),
        () => {
          const fields = random.pick(garbage);
          // Nested objects may well have no fields that are indexed.
          const isPossible = space !== (directory as unknown as Spaces).spaces[0] && isPlainObject(fields);
          Object.assign(space, { fields: isPossible ? null : fields });
        },
        () => Object.assign(field, { columns: random.pick(garbage) }),
        () => Object.assign(field, { kind: random.pick(garbage) }),
        () => Object.assign(field.columns, { exists: random.pick(garbage) }),
        () => Object.assign(directory, { name: "another" }),
      ];
      random.pick(places)();
    }),
};

/** Damages one file after the other in each way, and compares what searches answer then with what they answered before. */
export async function fuzzSegments(t: TestContext, seed: number, rounds: number): Promise<void> {
  const { directory, expected } = await prepare(t);
  const folder = join(directory, "segments");
  const whole = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const database = readFileSync(join(directory, "store.db"));
  const random = new Random(seed);
  for (const [what, damage] of Object.entries(damages)) {
    for (let round = 0; round < rounds; round++) {
      for (const [name, bytes] of whole) writeFileSync(join(folder, name), bytes);
      writeFileSync(join(directory, "store.db"), database);
      const name = random.pick([...whole.keys()]);
      writeFileSync(join(folder, name), damage(random, whole.get(name) as Buffer));
      const { store, lines } = await open(directory);
      try {
        assert.deepEqual(await answersOf(store, target), expected, `seed ${seed}: ${what} in ${name}`);
        // A change that no search reads may stay unseen; nothing else goes wrong.
        for (const line of lines) assert.match(line, /documents\.segments\.damaged/, `seed ${seed}: ${what}`);
      } finally {
        await store.close();
      }
    }
  }
}

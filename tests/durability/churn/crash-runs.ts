import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { createLogger, systemClock } from "../../../src/kernel/index.ts";
import { createEmbeddedStore, type DocumentStore, type IndexWork } from "../../../src/stores/documents/index.ts";
import { Random } from "../../long/reference/random.ts";
import { applyRequest, type ChurnRequest, emptyState, type ModelState } from "./churn-model.ts";
import { churnSizes, collectionOf, laneCount, sharedLanes } from "./churn-requests.ts";
import { readLane } from "./read-lane.ts";
import { answersOf } from "./searches.ts";

export interface CrashRunOptions {
  readonly seed: number;
  readonly kills: number;
  /** On a busy machine less happens between two kills: they go on until this is true, up to twice as many. */
  readonly isEnough?: (result: CrashRunResult) => boolean;
  /** Most pieces of work on the indexes (freezes, merges, segments stored) in the life of a process: a busy machine only takes longer for them. */
  readonly maxWork: number;
  readonly report?: (line: string) => void;
}

/** What went by while processes were killed. */
export interface CrashRunResult {
  readonly acknowledged: number;
  /** Kills that left requests without an answer: how many of these had happened, and how many had not. */
  readonly inFlight: { readonly happened: number; readonly lost: number };
  /** By collection, with scrolls open. */
  readonly frozen: ReadonlyMap<string, number>;
  readonly merged: ReadonlyMap<string, number>;
  /** Scrolls and walks that were paged to their end, and had what was there when they began. */
  readonly scrolled: number;
  /** Most documents that one start indexed from their rows, beside stored segments. */
  readonly mostReplayed: number;
}

export interface Line {
  readonly lane?: number;
  readonly request?: ChurnRequest;
  readonly outcomes?: readonly (readonly [boolean, unknown])[] | null;
  readonly work?: IndexWork;
  readonly problem?: string;
  /** A scroll or a walk has ended, and had so many documents. */
  readonly scrolled?: number;
  /** The id of the process, once it begins to write. */
  readonly started?: number;
}

export const writer = join(import.meta.dirname, "churning-process.ts");

/**
 * Kills a process that works on a store, opens what is left, and compares it with a model, again and again over the same data: every request
 * that was acknowledged happened, as a whole and with the outcomes that were answered; one that was not did or did not, as a whole; searches
 * answer as they do when the index is built anew from the rows.
 */
export async function runCrashes({ seed, kills, maxWork, isEnough, report }: CrashRunOptions): Promise<CrashRunResult> {
  const folder = mkdtempSync(join(tmpdir(), "tenon-churn-"));
  const random = new Random(seed);
  let lanes: readonly ModelState[] = Array.from({ length: laneCount }, (_, lane) => ({
    ...emptyState,
    exists: lane < sharedLanes,
  }));
  const total = { acknowledged: 0, inFlight: { happened: 0, lost: 0 }, scrolled: 0, mostReplayed: 0 };
  const frozen = new Map<string, number>();
  const merged = new Map<string, number>();
  try {
    for (let kill = 0; kill < 2 * kills; kill++) {
      if (kill >= kills && isEnough?.({ ...total, frozen, merged }) !== false) break;
      // The first has to get as far as the collection that the model begins with.
      const isInStart = random.chance(0.1) && kill > 0;
      const lines = await runOnce(folder, seed * 1_000 + kill, isInStart ? 0 : random.between(1, maxWork));
      const where = `seed ${seed}, kill ${kill}`;
      for (const { problem } of lines) assert.equal(problem, undefined, where);
      const possible = lanes.map((state, lane) => statesAfter(state, linesOf(lines, lane), where));
      for (const { work } of lines) count(work, frozen, merged);
      total.scrolled += lines.filter(({ scrolled = 0 }) => scrolled > 0).length;
      const checked = await check(join(folder, "data"), possible, where, random.chance(0.3));
      lanes = checked.lanes;
      total.mostReplayed = Math.max(total.mostReplayed, checked.replayed);
      for (const [lane, { acknowledged, pending }] of possible.entries()) {
        total.acknowledged += acknowledged;
        if (pending === undefined) continue;
        if (lanes[lane] === pending) total.inFlight.happened++;
        else total.inFlight.lost++;
      }
      report?.(`${where}: ${total.acknowledged} acknowledged, ${JSON.stringify(total.inFlight)} in flight`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...total, frozen, merged };
}

async function runOnce(folder: string, seed: number, work: number): Promise<readonly Line[]> {
  const log = join(folder, "log");
  rmSync(log, { force: true });
  const child = spawn(process.execPath, [writer, join(folder, "data"), log, String(seed)], { stdio: "inherit" });
  const exited = once(child, "exit");
  const text = (): string => (existsSync(log) ? readFileSync(log, "utf8") : "");
  const isAlive = (until: number): boolean => Date.now() < until && child.exitCode === null;
  const hasWorked = (): boolean => text().split('{"work"').length > work;
  // With 0, somewhere in its start: over what the last one left.
  if (work === 0) await pause(100 + (seed % 400));
  // However busy the machine: a start may take long there, and what was not begun cannot be compared.
  const startBy = Date.now() + 60_000;
  while (work > 0 && !text().includes("started") && isAlive(startBy)) await pause(10);
  const workBy = Date.now() + 10_000;
  while (work > 0 && !hasWorked() && isAlive(workBy)) await pause(10);
  child.kill("SIGKILL");
  await exited;
  return text()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

export const linesOf = (lines: readonly Line[], lane: number): readonly Line[] =>
  lines.filter((line) => line.lane === lane);

/** What may be stored of a lane. */
export interface Possible {
  readonly state: ModelState;
  /** With the request that was not answered. */
  readonly pending: ModelState | undefined;
  readonly acknowledged: number;
}

/** What may be stored after these lines; outcomes that are not the model's are reported here. */
export function statesAfter(before: ModelState, lines: readonly Line[], where: string): Possible {
  let state = before;
  let pending: ReturnType<typeof applyRequest> | undefined;
  let acknowledged = 0;
  for (const { request, outcomes } of lines) {
    if (request !== undefined) {
      pending = applyRequest(state, request);
      continue;
    }
    assert.ok(pending !== undefined);
    if (outcomes !== null) assert.deepEqual(outcomes, pending.outcomes, where);
    state = pending.state;
    pending = undefined;
    acknowledged++;
  }
  return { state, pending: pending?.state, acknowledged };
}

function count(work: IndexWork | undefined, frozen: Map<string, number>, merged: Map<string, number>): void {
  if (work === undefined || !("cursors" in work) || work.cursors === 0) return;
  const counts = work.kind === "frozen" ? frozen : merged;
  counts.set(work.collection, (counts.get(work.collection) ?? 0) + 1);
}

/**
 * Opens a store and compares each lane with what may be stored of it; with `withRebuild`, the answers of its searches with those of an index
 * that is built anew. Answers what is stored, and most documents that a start indexed beside stored segments.
 */
export async function check(
  data: string,
  possible: readonly Possible[],
  where: string,
  withRebuild: boolean,
): Promise<{ readonly lanes: readonly ModelState[]; readonly replayed: number }> {
  let replayed = 0;
  const problems: string[] = [];
  const open = (onWork: (work: IndexWork) => void): Promise<DocumentStore> => {
    const log = createLogger(
      (level, event, fields) => void problems.push(`${level} ${event} ${JSON.stringify(fields)}`),
      () => log,
    );
    const sizes = { segmentSizes: churnSizes, onIndexWork: onWork };
    return createEmbeddedStore({ directory: data, log, clock: systemClock, ...sizes });
  };
  const answers = async (store: DocumentStore): Promise<unknown> => {
    const known = await store.describe();
    return Promise.all(known.map(async (target) => [target.collection, await answersOf(store, target)]));
  };
  const lanes: ModelState[] = [];
  let expected: unknown;
  {
    await using store = await open((work) => {
      if (work.kind === "opened" && work.stored > 0) replayed = Math.max(replayed, work.indexed);
    });
    for (const [lane, { state, pending }] of possible.entries()) {
      const found = await readLane(store, lane);
      // One that may have happened is told from one that did not by what is there; both at once, or half of one, is neither.
      const isPending = pending !== undefined && !isDeepStrictEqual(found, state) && isDeepStrictEqual(found, pending);
      if (!isPending && !isDeepStrictEqual(found, state))
        assert.deepEqual(found, state, `${where}, lane ${lane} of ${collectionOf(lane).collection}`);
      lanes.push(isPending && pending !== undefined ? pending : state);
    }
    if (withRebuild) expected = await answers(store);
  }
  if (withRebuild) {
    rmSync(join(data, "segments"), { recursive: true, force: true });
    await using store = await open(() => {});
    assert.deepEqual(await answers(store), expected, `${where}: the index built anew answers something else`);
  }
  // With the segments gone the second start says that it builds anew; nothing else is worth a line.
  assert.deepEqual(
    problems.filter((line) => !(withRebuild && line.includes("documents.segments.damaged"))),
    [],
    where,
  );
  return { lanes, replayed };
}

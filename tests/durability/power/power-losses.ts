import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { silentLogger, systemClock } from "../../../src/kernel/index.ts";
import { createEmbeddedStore } from "../../../src/stores/documents/index.ts";
import { Random } from "../../long/reference/random.ts";
import { emptyState } from "../churn/churn-model.ts";
import { laneCount, sharedLanes } from "../churn/churn-requests.ts";
import { check, type Line, linesOf, statesAfter, writer } from "../churn/crash-runs.ts";
import { DiskModel } from "./disk-model.ts";
import { type DiskCall, readTrace, traceArguments } from "./trace.ts";

export interface PowerLossOptions {
  readonly seed: number;
  /** How long the process works while it is recorded. */
  readonly lifeMs: number;
  /** States of the disk that are opened. */
  readonly losses: number;
  readonly report?: (line: string) => void;
}

export interface PowerLossResult {
  readonly calls: number;
  readonly syncs: number;
  /** Requests that had been acknowledged before the last loss. */
  readonly acknowledged: number;
  readonly segments: number;
}

/** Why no process can be recorded here; undefined when it can. */
export function missingStrace(): string | undefined {
  if (process.platform !== "linux") return "strace records processes on Linux only";
  const { error, status } = spawnSync("strace", ["-f", "-e", "trace=none", "true"]);
  if (error !== undefined) return "strace is not installed";
  return status === 0 ? undefined : "strace may not trace processes here";
}

/**
 * Records what a process writes and syncs, and opens states of the disk that a loss of power at many instants may have left: what was synced is
 * there; what was not is there, missing or torn, in each file for itself; names are there when their folder was synced, else perhaps. All that
 * was acknowledged before must be there.
 */
export async function runPowerLosses(options: PowerLossOptions): Promise<PowerLossResult> {
  const { seed, losses, report } = options;
  const random = new Random(seed);
  const folder = mkdtempSync(join(tmpdir(), "tenon-power-"));
  const root = join(folder, "recorded");
  try {
    const calls = await record(folder, root, options);
    const data = join(root, "data");
    const disk = new DiskModel(root);
    const log = new Log(join(root, "log"));
    const cuts = cutsOf(random, calls, data, losses);
    for (const [at, call] of calls.entries()) {
      for (; cuts[0] === at; cuts.shift()) {
        const image = join(folder, "image");
        disk.writeLoss(random, image);
        const where = `seed ${seed}, before call ${at} (${call.kind} ${call.path.slice(root.length)})`;
        report?.(where);
        await checkImage(join(image, "data"), log, where, random.chance(0.2));
        rmSync(image, { recursive: true, force: true });
      }
      if (!log.take(call)) disk.apply(call);
    }
    const syncs = calls.filter(({ kind }) => kind === "sync").length;
    const made = calls.filter((call) => call.kind === "open" && call.creates && call.path.endsWith(".segment"));
    return { calls: calls.length, syncs, acknowledged: log.acknowledged, segments: made.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function record(folder: string, root: string, { seed, lifeMs }: PowerLossOptions): Promise<readonly DiskCall[]> {
  const trace = join(folder, "trace");
  mkdirSync(root);
  const log = join(root, "log");
  const command = [process.execPath, writer, join(root, "data"), log, String(seed)];
  // Calls by way of io_uring would not be seen.
  const env = { ...process.env, UV_USE_IO_URING: "0" };
  const tracer = spawn("strace", [...traceArguments(trace), ...command], { stdio: "inherit", env });
  const ended = once(tracer, "exit");
  let pid: number | undefined;
  const deadline = Date.now() + 60_000;
  while (pid === undefined) {
    assert.ok(Date.now() < deadline && tracer.exitCode === null, "the recorded process did not start");
    await pause(20);
    const started = existsSync(log) ? /"started":(\d+)\}\n/.exec(readFileSync(log, "utf8")) : null;
    if (started !== null) pid = Number(started[1]);
  }
  await pause(lifeMs);
  // On a slow machine the first segments take longer than the life that was meant for them.
  const segments = join(root, "data", "segments");
  for (let waited = 0; waited < 30_000 && readdirSync(segments).length < 3; waited += 200) await pause(200);
  process.kill(pid, "SIGKILL");
  await ended;
  return readTrace(trace, root);
}

/** Where the power goes: half of the instants near what makes things durable or removes them, the rest anywhere. */
function cutsOf(random: Random, calls: readonly DiskCall[], data: string, count: number): number[] {
  const telling = new Set(["sync", "unlink", "rename", "mkdir", "truncate"]);
  const marks = calls.flatMap(({ kind, path }, at) => (telling.has(kind) && path.startsWith(data) ? [at] : []));
  const near = (): number => Math.max(0, Math.min(calls.length - 1, random.pick(marks) + random.between(-2, 3)));
  const anywhere = (): number => random.below(calls.length);
  return random.list(count, () => (random.chance(0.5) ? near() : anywhere())).sort((a, b) => a - b);
}

/** What the process had noted up to an instant. */
class Log {
  readonly lines: Line[] = [];
  acknowledged = 0;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** False when the call concerns another file. */
  take(call: DiskCall): boolean {
    if (call.path !== this.#path) return false;
    if (call.kind !== "write") return true;
    const line = JSON.parse(call.bytes.toString()) as Line;
    assert.equal(line.problem, undefined);
    if (line.outcomes !== undefined) this.acknowledged++;
    this.lines.push(line);
    return true;
  }
}

async function checkImage(data: string, { lines }: Log, where: string, withRebuild: boolean): Promise<void> {
  if (!lines.some(({ started }) => started !== undefined)) {
    // Nothing was acknowledged, but the next start must succeed.
    const store = await createEmbeddedStore({ directory: data, log: silentLogger, clock: systemClock });
    await store.close();
    return;
  }
  const possible = Array.from({ length: laneCount }, (_, lane) =>
    statesAfter({ ...emptyState, exists: lane < sharedLanes }, linesOf(lines, lane), where),
  );
  await check(data, possible, where, withRebuild);
}

import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  type CollectionCount,
  checkEngine,
  commitReplacement,
  discardReplacement,
  type EngineCheck,
  type Finding,
  finishReplacement,
  forgetSegments,
  formatVersion,
  isDirectoryInUse,
  isReplacementPending,
  lockDataDirectory,
  type SalvagedCollection,
  salvageDocuments,
  stageReplacement,
  writeDurably,
} from "../stores/documents/index.ts";
import { checkFiles, salvageFiles } from "../stores/memory/index.ts";
import { OperationFailure } from "./failure.ts";

export interface CheckReport {
  readonly directory: string;
  /** A server was at work: its data was checked as of one instant. */
  readonly isRunning: boolean;
  readonly isSound: boolean;
  readonly findings: readonly Finding[];
  readonly collections: readonly CollectionCount[];
  /** Versions of documents that something newer has replaced, and that are still on the disk. */
  readonly superseded: number;
  /** Files of stored segments that can be used. */
  readonly segments: number;
  /** Keys of the memory storage. */
  readonly keys: number;
  readonly repair?: RepairReport;
}

export interface RepairReport {
  /** What was done, as sentences. */
  readonly done: readonly string[];
  /** Folder in the data directory with the damaged files. */
  readonly keptAs?: string;
  readonly collections: readonly SalvagedCollection[];
  /** Parts of the memory storage's files that are lost. */
  readonly lostParts: readonly string[];
  readonly lostAnything: boolean;
}

/**
 * Checks a data directory as a whole: of a running server, too, unless it is to be repaired. Without `repair` it changes nothing.
 * Errors: {@link OperationFailure}, and those of the disk.
 */
export function checkData(directory: string, { repair = false } = {}): CheckReport {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new OperationFailure(`There is no directory "${directory}". Name the data directory with --data.`);
  }
  if (!repair) {
    if (isReplacementPending(directory)) {
      throw new OperationFailure(
        `A restore or a repair of "${directory}" was interrupted. Start the server once, or repair or restore again: either finishes it.`,
      );
    }
    return check(directory, isDirectoryInUse(directory)).report;
  }
  const lock = lockDataDirectory(directory);
  try {
    finishReplacement(directory);
    const { report, engine } = check(directory, false);
    return { ...report, repair: mend(directory, engine, report) };
  } finally {
    lock.release();
  }
}

function check(directory: string, isRunning: boolean): { report: CheckReport; engine: EngineCheck } {
  const engine = checkEngine(directory, isRunning);
  const { keys, damaged } = checkFiles(join(directory, "memory"));
  const parts = damaged.map(({ place, problem }): Finding => ({ kind: "damage", place: `memory/${place}`, problem }));
  const findings = [...engine.findings, ...parts];
  const { collections, superseded, soundSegments: segments } = engine;
  const isSound = findings.every(({ kind }) => kind === "note");
  return { engine, report: { directory, isRunning, isSound, findings, collections, superseded, segments, keys } };
}

/** Sound parts are not touched. A damaged one is written anew from what can be read of it, and lies aside afterwards. */
function mend(directory: string, { wrong }: EngineCheck, { findings }: CheckReport): RepairReport {
  const done: string[] = [];
  const isMemoryDamaged = findings.some(({ kind, place }) => kind === "damage" && place.startsWith("memory/"));
  let collections: SalvagedCollection[] = [];
  let lostParts: string[] = [];
  let keptAs: string | undefined;
  if (wrong.documents || isMemoryDamaged) {
    keptAs = `damaged-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}`;
    const staged = stageReplacement(directory);
    if (wrong.documents) {
      collections = salvaged(directory, staged);
      done.push("store.db was written anew from what could be read; the search indexes are built at the next start");
    }
    if (isMemoryDamaged) {
      mkdirSync(join(staged, "memory"));
      const { damaged } = salvageFiles(join(directory, "memory"), join(staged, "memory"));
      lostParts = damaged.map(({ place, problem }) => `memory/${place}: ${problem}`);
      done.push("the memory storage was written anew from what could be read");
    }
    const gone = wrong.documents ? ["store.db-wal", "store.db-shm"] : [];
    commitReplacement(directory, { gone, keepAs: keptAs });
    done.push(
      `the damaged files lie in "${join(directory, keptAs)}"; delete them when nothing more is to be got out of them`,
    );
  }
  const { segments, unnamedSegments } = wrong;
  if (!wrong.documents && segments.length + unnamedSegments.length > 0) {
    forgetSegments(directory, segments, unnamedSegments);
    if (segments.length > 0)
      done.push(
        `the stored segments of ${segments.length} collections are not used any more; their indexes are built at the next start`,
      );
  }
  if (wrong.format !== undefined && !wrong.documents) {
    writeDurably(join(directory, "FORMAT"), `${wrong.format}\n`);
    done.push("FORMAT was written anew");
  }
  const lostAnything =
    lostParts.length > 0 ||
    collections.some(({ lost, unreadable, isWithoutMapping }) => lost.length + unreadable > 0 || isWithoutMapping);
  return { done, ...(keptAs === undefined ? {} : { keptAs }), collections, lostParts, lostAnything };
}

/** What is written anew has the present format, whatever the damaged file had. */
function salvaged(directory: string, staged: string): SalvagedCollection[] {
  try {
    const collections = salvageDocuments(join(directory, "store.db"), join(staged, "store.db"));
    writeDurably(join(staged, "FORMAT"), `${formatVersion}\n`);
    return collections;
  } catch (error) {
    discardReplacement(directory);
    throw error;
  }
}

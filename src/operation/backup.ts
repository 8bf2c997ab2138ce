import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import {
  formatVersion,
  isReplacementPending,
  makeDurably,
  parseFormat,
  syncDirectory,
  writeDurably,
} from "../stores/documents/index.ts";
import type { CopiedData, CopyOrder } from "./copy-data.ts";
import { draftOf } from "./draft.ts";
import { OperationFailure } from "./failure.ts";
import { type BackupManifest, backupVersion, manifestName } from "./manifest.ts";

export interface BackupOptions {
  /** The data directory; a server may be at work there. */
  readonly directory: string;
  /** A folder that does not exist yet. */
  readonly destination: string;
  /** Version of this Tenon. */
  readonly tenon: string;
  /** Hears now and then how many bytes of the documents are written, of about how many. */
  readonly onProgress?: (written: number, ofAbout: number) => void;
  /** Gives it up, with the signal's reason; the copying itself ends first. */
  readonly signal?: AbortSignal;
  /** Hears where the backup lies until it is whole, for whoever has to remove it. */
  readonly onDraft?: (path: string) => void;
}

const progressEveryMs = 1_000;

/**
 * Writes a backup of one instant, on a thread of its own. It has its name only when it is whole and on the disk; what an interrupted one
 * leaves behind is called `.<name>.<random>.partial`, and no restore takes it. Error: {@link OperationFailure}.
 */
export async function backUp({
  directory,
  destination,
  tenon,
  onProgress,
  onDraft,
  signal,
}: BackupOptions): Promise<BackupManifest> {
  const target = resolve(destination);
  if (existsSync(target)) {
    throw new OperationFailure(
      `"${target}" exists already. A backup is not written over anything: choose another name.`,
    );
  }
  if (isInside(resolve(directory), target)) {
    throw new OperationFailure(
      `"${target}" lies in the data directory itself. Choose a place outside, best on another disk.`,
    );
  }
  const format = formatToCopy(directory);
  const draft = draftOf(target);
  onDraft?.(draft);
  try {
    makeDurably(dirname(target));
    // For the owner only: it holds everything that the server knows.
    mkdirSync(draft, { mode: 0o700 });
    const { at, collections, files } = await copyInThread({ directory, to: draft, format }, onProgress, signal);
    signal?.throwIfAborted();
    const manifest: BackupManifest = {
      ...{ kind: "tenon-backup", version: backupVersion, createdAt: new Date(at).toISOString() },
      ...{ tenon, format: format ?? formatVersion, collections, files },
    };
    writeDurably(join(draft, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    if (existsSync(target)) throw new OperationFailure(`"${target}" was made by somebody else meanwhile.`);
    renameSync(draft, target);
    syncDirectory(dirname(target));
    return manifest;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** The format of the data directory; undefined when FORMAT cannot be read, which is no reason to have no backup. */
function formatToCopy(directory: string): number | undefined {
  if (!existsSync(join(directory, "store.db"))) {
    throw new OperationFailure(
      `There is no data in "${directory}" ("store.db" is missing). Name the directory with --data.`,
    );
  }
  if (isReplacementPending(directory)) {
    throw new OperationFailure(
      `A restore or a repair of "${directory}" was interrupted. Start the server once, or restore again: either finishes it.`,
    );
  }
  const path = join(directory, "FORMAT");
  const format = existsSync(path) ? parseFormat(readFileSync(path, "utf8")) : undefined;
  if (format !== undefined && format > formatVersion) {
    throw new OperationFailure(
      `The data directory "${directory}" has format ${format}, and this Tenon knows ${formatVersion}. Use the Tenon that runs on it.`,
    );
  }
  return format;
}

function copyInThread(
  order: CopyOrder,
  onProgress: BackupOptions["onProgress"],
  signal: AbortSignal | undefined,
): Promise<CopiedData> {
  const copy = join(order.to, "store.db");
  const source = join(order.directory, "store.db");
  const timer = setInterval(() => {
    if (existsSync(copy)) onProgress?.(statSync(copy).size, statSync(source).size);
  }, progressEveryMs);
  const thread = new Worker(new URL(`./copy-thread${extname(import.meta.url)}`, import.meta.url), {
    workerData: order,
    execArgv: [],
  });
  const stop = (): void => void thread.terminate();
  signal?.addEventListener("abort", stop);
  return new Promise<CopiedData>((settle, fail) => {
    thread.once("message", settle);
    thread.once("error", fail);
    thread.once("exit", (code) => {
      fail(signal?.aborted === true ? signal.reason : new Error(`The thread that copies ended with code ${code}.`));
    });
  }).finally(() => {
    clearInterval(timer);
    signal?.removeEventListener("abort", stop);
  });
}

function isInside(directory: string, path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if (at === directory) return true;
    if (at === dirname(at)) return false;
  }
}

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { syncDirectory, syncTree, writeDurably } from "./durable-files.ts";

/**
 * Replaces several entries of a data directory as if at once, whatever ends the process meanwhile. The new ones are staged in a folder inside
 * the directory (it may be a mount point, which cannot be renamed); a small file `ready` decides; from then on the exchange is finished by
 * whoever takes the lock of the directory next, and before it nothing has happened.
 *
 * ```
 * <data>/.replacing/new/…   what is to come
 * <data>/.replacing/ready   { "entries": ["store.db"], "gone": ["store.db-wal"], "keepAs": "damaged-2026-01-01T00-00-00" }
 * <data>/.replacing/old/…   what was there
 * ```
 */
const folder = ".replacing";

interface Order {
  /** What comes, each in the place of what has its name. */
  readonly entries: readonly string[];
  /** What goes, though nothing takes its place. */
  readonly gone: readonly string[];
  /** Folder of the directory in which the former entries stay; they are removed unless it is given. */
  readonly keepAs?: string;
}

/** An empty folder for what is to come. What an earlier attempt left there is removed. */
export function stageReplacement(directory: string): string {
  discardReplacement(directory);
  const staged = join(directory, folder, "new");
  mkdirSync(staged, { recursive: true });
  return staged;
}

/** Nothing of what was staged will happen. */
export function discardReplacement(directory: string): void {
  rmSync(join(directory, folder), { recursive: true, force: true });
}

/** Exchanges what was staged. Resumed by {@link finishReplacement} when the process ends meanwhile. */
export function commitReplacement(directory: string, { gone, keepAs }: Omit<Order, "entries">): void {
  const staged = join(directory, folder, "new");
  syncTree(staged);
  syncDirectory(join(directory, folder));
  syncDirectory(directory);
  const order: Order = { entries: readdirSync(staged), gone, ...(keepAs === undefined ? {} : { keepAs }) };
  const draft = join(directory, folder, "ready.draft");
  writeDurably(draft, JSON.stringify(order));
  renameSync(draft, join(directory, folder, "ready"));
  syncDirectory(join(directory, folder));
  finishReplacement(directory);
}

/** Whether an exchange was decided and not finished: the directory is neither what it was nor what it will be. */
export const isReplacementPending = (directory: string): boolean => existsSync(join(directory, folder, "ready"));

/** Finishes what was decided, and forgets what was not. Call it while the directory's lock is held. */
export function finishReplacement(directory: string): void {
  if (!existsSync(join(directory, folder))) return;
  if (!isReplacementPending(directory)) {
    discardReplacement(directory);
    return;
  }
  const path = join(directory, folder);
  // The cast: only `commitReplacement` writes it, under another name until it is whole.
  const { entries, gone, keepAs } = JSON.parse(readFileSync(join(path, "ready"), "utf8")) as Order;
  const old = join(path, "old");
  mkdirSync(old, { recursive: true });
  // What is still staged has not come: under its name lies the former one.
  for (const name of entries) if (existsSync(join(path, "new", name))) moveAway(directory, old, name);
  for (const name of gone) if (!entries.includes(name)) moveAway(directory, old, name);
  syncDirectory(old);
  syncDirectory(directory);
  for (const name of entries) {
    if (existsSync(join(path, "new", name))) renameSync(join(path, "new", name), join(directory, name));
  }
  syncDirectory(directory);
  if (keepAs !== undefined && !existsSync(join(directory, keepAs))) renameSync(old, join(directory, keepAs));
  rmSync(join(path, "ready"));
  syncDirectory(path);
  discardReplacement(directory);
  syncDirectory(directory);
}

function moveAway(directory: string, old: string, name: string): void {
  if (existsSync(join(directory, name))) renameSync(join(directory, name), join(old, name));
}

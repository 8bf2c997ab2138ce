import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Random } from "../../long/reference/random.ts";
import type { DiskCall } from "./trace.ts";

const sector = 512;

type Change =
  | { readonly endAt: number; readonly offset: number; readonly bytes: Buffer }
  | { readonly endAt: number; readonly length: number };

/** Bytes that grow. */
class Content {
  #buffer: Buffer;
  #length: number;

  constructor(buffer: Buffer = Buffer.alloc(0)) {
    this.#buffer = buffer;
    this.#length = buffer.length;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  copy(): Content {
    return new Content(Buffer.from(this.bytes));
  }

  apply(change: Change): void {
    const isCut = "length" in change;
    const end = isCut ? change.length : change.offset + change.bytes.length;
    if (end > this.#buffer.length) {
      const larger = Buffer.alloc(end * 2);
      this.bytes.copy(larger);
      this.#buffer = larger;
    }
    if (isCut) {
      this.#buffer.fill(0, end, Math.max(end, this.#length));
      this.#length = end;
    } else {
      change.bytes.copy(this.#buffer, change.offset);
      this.#length = Math.max(this.#length, end);
    }
  }
}

/** A file: what is certainly on the disk, and what was written since. */
class ModelFile {
  readonly #durable = new Content();
  pending: Change[] = [];
  /** As the process sees it: where `write` without a place goes on. */
  size = 0;

  sync(startAt: number): void {
    for (const change of this.pending) if (change.endAt < startAt) this.#durable.apply(change);
    this.pending = this.pending.filter(({ endAt }) => endAt >= startAt);
  }

  /** One of the contents that a loss of power may leave: each write since the last sync came to the disk, or not, or some of its sectors did. */
  afterLoss(random: Random): Buffer {
    const kind = random.next();
    if (kind < 0.25) return this.#durable.bytes;
    const kept = random.between(0, this.pending.length);
    const content = this.#durable.copy();
    for (const [at, change] of this.pending.entries()) {
      const isKept = kind < 0.45 || (kind < 0.75 ? at < kept : random.chance(0.5));
      if (isKept) content.apply(change);
      else if (random.chance(0.3) && "bytes" in change) tear(random, content, change);
    }
    return content.bytes;
  }
}

function tear(random: Random, content: Content, { offset, bytes, endAt }: Extract<Change, { bytes: Buffer }>): void {
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + sector - ((offset + at) % sector));
    if (random.chance(0.5)) content.apply({ endAt, offset: offset + at, bytes: bytes.subarray(at, end) });
    at = end;
  }
}

type NameChange = { readonly endAt: number } & (
  | { readonly name: string; readonly file: ModelFile | "folder" | undefined }
  | { readonly from: string; readonly to: string }
);

type Names = ReadonlyMap<string, ModelFile | "folder">;

/** A folder: which names are certainly there, and what was made, removed or renamed since. */
class ModelFolder {
  durable: Names = new Map();
  pending: NameChange[] = [];

  sync(startAt: number): void {
    for (const change of this.pending) if (change.endAt < startAt) this.durable = renamed(this.durable, change);
    this.pending = this.pending.filter(({ endAt }) => endAt >= startAt);
  }

  /** Names change one after the other, and some of the last changes are not on the disk. */
  afterLoss(random: Random): Names {
    const kind = random.next();
    const kept = kind < 0.3 ? 0 : kind < 0.6 ? this.pending.length : random.between(0, this.pending.length);
    return this.pending.slice(0, kept).reduce(renamed, this.durable);
  }
}

function renamed(names: Names, change: NameChange): Names {
  const result = new Map(names);
  if ("from" in change) {
    const file = result.get(change.from);
    result.delete(change.from);
    if (file !== undefined) result.set(change.to, file);
  } else if (change.file === undefined) result.delete(change.name);
  else result.set(change.name, change.file);
  return result;
}

/** The disk below one folder while a process works, fed with its calls: what is certainly on it, and what may be. */
export class DiskModel {
  readonly #root: string;
  readonly #folders = new Map<string, ModelFolder>();
  /** As the process sees them. */
  readonly #files = new Map<string, ModelFile>();

  constructor(root: string) {
    this.#root = root;
    this.#folders.set(root, new ModelFolder());
  }

  apply(call: DiskCall): void {
    const { path, endAt, startAt } = call;
    // Memory that processes share: it is made anew at each start.
    if (path.endsWith("-shm")) return;
    const file = this.#files.get(path);
    switch (call.kind) {
      case "open":
        if (file === undefined && call.creates) this.#create(path, endAt);
        else if (file !== undefined && call.empties) this.#truncate(file, 0, endAt);
        return;
      case "write": {
        if (file === undefined) return;
        const offset = call.offset ?? file.size;
        file.pending.push({ endAt, offset, bytes: call.bytes });
        file.size = Math.max(file.size, offset + call.bytes.length);
        return;
      }
      case "truncate":
        if (file !== undefined) this.#truncate(file, call.length, endAt);
        return;
      case "mkdir":
        this.#folders.set(path, new ModelFolder());
        this.#folder(path)?.pending.push({ endAt, name: path, file: "folder" });
        return;
      case "unlink":
        this.#files.delete(path);
        this.#folder(path)?.pending.push({ endAt, name: path, file: undefined });
        return;
      case "rename":
        this.#files.delete(path);
        if (file !== undefined) this.#files.set(call.to, file);
        this.#folder(path)?.pending.push({ endAt, from: path, to: call.to });
        return;
      case "sync":
        file?.sync(startAt);
        this.#folders.get(path)?.sync(startAt);
    }
  }

  #create(path: string, endAt: number): void {
    const file = new ModelFile();
    this.#files.set(path, file);
    this.#folder(path)?.pending.push({ endAt, name: path, file });
  }

  #truncate(file: ModelFile, length: number, endAt: number): void {
    file.pending.push({ endAt, length });
    file.size = length;
  }

  #folder(path: string): ModelFolder | undefined {
    return this.#folders.get(dirname(path));
  }

  /** Writes one of the states that a loss of power now may leave to another folder. */
  writeLoss(random: Random, target: string): void {
    const write = (folder: string): void => {
      mkdirSync(join(target, relative(this.#root, folder)), { recursive: true });
      for (const [path, file] of this.#folders.get(folder)?.afterLoss(random) ?? []) {
        if (file === "folder") write(path);
        else writeFileSync(join(target, relative(this.#root, path)), file.afterLoss(random));
      }
    };
    write(this.#root);
  }
}

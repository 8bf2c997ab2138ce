import { closeSync, openSync, readSync } from "node:fs";

/** What a process did to the files below a folder, in the order of the calls; `startAt` and `endAt` are lines of the trace. */
export type DiskCall = { readonly startAt: number; readonly endAt: number } & (
  | { readonly kind: "write"; readonly path: string; readonly offset: number | undefined; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly path: string; readonly length: number }
  | { readonly kind: "open"; readonly path: string; readonly creates: boolean; readonly empties: boolean }
  | { readonly kind: "mkdir" | "unlink" | "sync"; readonly path: string }
  | { readonly kind: "rename"; readonly path: string; readonly to: string }
);

/** Arguments of `strace` that write what {@link readTrace} reads. */
export const traceArguments = (file: string): readonly string[] => [
  ...["-f", "-y", "-xx", "-s", "50000000", "--seccomp-bpf", "-o", file],
  ...["-e", "signal=none", "-e", `trace=${Object.keys(readers).join(",")},${unexpected.join(",")}`],
];

/** Ways to change files that the store does not use: meeting one means that the model must learn it. */
const unexpected = [
  "pwritev",
  "pwritev2",
  "fallocate",
  "renameat",
  "renameat2",
  "unlinkat",
  "mkdirat",
  "linkat",
  "copy_file_range",
];

type Args = readonly string[];
type Found<C = DiskCall> = C extends DiskCall ? Omit<C, "startAt" | "endAt"> : never;

/** How the arguments of each call read. */
const readers: Readonly<Record<string, (args: Args) => Found | undefined>> = {
  write: ([fd = "", data = ""]) => ({ kind: "write", path: pathOf(fd), offset: undefined, bytes: bytesOf(data) }),
  pwrite64: ([fd = "", data = "", , offset = ""]) => ({
    kind: "write",
    path: pathOf(fd),
    offset: Number.parseInt(offset, 10),
    bytes: bytesOf(data),
  }),
  ftruncate: ([fd = "", length = ""]) => ({ kind: "truncate", path: pathOf(fd), length: Number.parseInt(length, 10) }),
  openat: ([, name = "", flags = ""]) => ({
    kind: "open",
    path: textOf(name),
    creates: flags.includes("O_CREAT"),
    empties: flags.includes("O_TRUNC"),
  }),
  mkdir: ([name = ""]) => ({ kind: "mkdir", path: textOf(name) }),
  unlink: ([name = ""]) => ({ kind: "unlink", path: textOf(name) }),
  rename: ([name = "", to = ""]) => ({ kind: "rename", path: textOf(name), to: textOf(to) }),
  fsync: ([fd = ""]) => ({ kind: "sync", path: pathOf(fd) }),
  fdatasync: ([fd = ""]) => ({ kind: "sync", path: pathOf(fd) }),
};

/** The calls that concern `root` and what lies below it, and succeeded or were cut off. */
export function readTrace(file: string, root: string): readonly DiskCall[] {
  const calls: DiskCall[] = [];
  const begun = new Map<string, { readonly text: string; readonly startAt: number }>();
  const take = (text: string, startAt: number, endAt: number): void => {
    if (/\)\s+= -1 /.test(text.slice(-200))) return;
    const call = callOf(text);
    if (call !== undefined && `${call.path}/`.startsWith(`${root}/`)) calls.push({ ...call, startAt, endAt });
  };
  let at = -1;
  for (const line of linesOf(file)) {
    at++;
    const [, pid = "", rest = ""] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>/.exec(rest);
    if (resumed !== null) {
      const start = begun.get(pid);
      begun.delete(pid);
      if (start !== undefined) take(start.text + rest.slice(resumed[0].length), start.startAt, at);
    } else if (rest.endsWith("<unfinished ...>")) {
      begun.set(pid, { text: rest.slice(0, -"<unfinished ...>".length), startAt: at });
    } else take(rest, at, at);
  }
  // The end came while these ran.
  for (const { text, startAt } of begun.values()) take(text, startAt, Number.POSITIVE_INFINITY);
  return calls.sort((a, b) => a.startAt - b.startAt);
}

/** Bytes that are read at once. */
const chunkSize = 1 << 24;

/** A busy process leaves more behind than fits into one string. */
function* linesOf(file: string): Generator<string, void> {
  const source = openSync(file, "r");
  try {
    const chunk = Buffer.alloc(chunkSize);
    let rest = "";
    for (let size = readSync(source, chunk); size > 0; size = readSync(source, chunk)) {
      const lines = chunk.toString("latin1", 0, size).split("\n");
      lines[0] = rest + (lines[0] ?? "");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    yield rest;
  } finally {
    closeSync(source);
  }
}

function callOf(text: string): Found | undefined {
  const open = text.indexOf("(");
  const name = text.slice(0, open);
  if (open < 0 || name.startsWith("+++")) return undefined;
  if (unexpected.includes(name))
    throw new Error(`The trace has a call that the model of the disk does not know: ${name}`);
  return readers[name]?.(text.slice(open + 1).split(", "));
}

/** `"\x61\x62"`, and `7<\x61\x62>`: texts are hexadecimal, so neither commas nor quotes are in them. */
const bytesOf = (text: string): Buffer => Buffer.from(text.slice(1, text.indexOf('"', 1)).replaceAll("\\x", ""), "hex");
const textOf = (text: string): string => bytesOf(text).toString();
const pathOf = (fd: string): string =>
  Buffer.from(fd.slice(fd.indexOf("<") + 1, fd.indexOf(">")).replaceAll("\\x", ""), "hex").toString();

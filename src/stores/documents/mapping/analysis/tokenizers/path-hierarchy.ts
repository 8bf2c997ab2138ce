import type { PartOptions } from "../part-options.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** `path_hierarchy`: `/a/b` has the tokens `/a` and `/a/b`; with `reverse`, `a.b.c` has `a.b.c`, `b.c` and `c`. All stand at one position. */
export function pathHierarchy(options: PartOptions): Tokenizer {
  const delimiter = options.text("delimiter", "/");
  const replacement = options.text("replacement", delimiter);
  const skip = options.integer("skip", 0, 0);
  const reverse = options.flag("reverse", false);
  options.integer("buffer_size", 1024, 1);
  if (delimiter.length !== 1) throw options.wrong("delimiter", "one character");
  if (replacement.length !== 1) throw options.wrong("replacement", "one character");
  const walk = reverse ? towardsEnd : fromStart;
  return (text, tokens, firstPosition) => {
    const out = text.replaceAll(delimiter, replacement);
    let count = 0;
    for (const [start, end] of walk(text, delimiter, skip)) {
      tokens.push(out.slice(start, end), firstPosition, start, end);
      count++;
    }
    return count === 0 ? firstPosition : firstPosition + 1;
  };
}

function fromStart(text: string, delimiter: string, skip: number): [number, number][] {
  let start = 0;
  for (let skipped = 0; skipped < skip; skipped++) {
    const next = text.indexOf(delimiter, start + 1);
    if (next < 0) return [];
    start = next;
  }
  if (start >= text.length) return [];
  const found: [number, number][] = [];
  for (let at = text.indexOf(delimiter, start + 1); at >= 0; at = text.indexOf(delimiter, at + 1))
    found.push([start, at]);
  found.push([start, text.length]);
  return found;
}

function towardsEnd(text: string, delimiter: string, skip: number): [number, number][] {
  const starts = [0];
  for (let at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, at + 1)) starts.push(at + 1);
  if (starts.at(-1) !== text.length || starts.length === 1) starts.push(text.length);
  if (starts.length - 1 <= skip) return [];
  const end = starts[starts.length - 1 - skip] as number;
  return starts
    .slice(0, starts.length - 1 - skip)
    .flatMap((start): [number, number][] => (start < end ? [[start, end]] : []));
}

import type { QueryContext } from "../query/context.ts";
import { clearFrom, isEmpty, type Matcher, newWindow, windowSize, windowWords } from "../query/matchers/matcher.ts";
import { wordsFor } from "../segment/bits.ts";

/** Takes the matches of one window: bit `n` is document `base + n`, all of them alive. */
export interface WindowCollector {
  /** Nothing that comes would change what was collected. */
  readonly isDone?: boolean;
  /** Whether nothing in a window would change what was collected. Asked before it is filled. */
  canSkip?(base: number): boolean;
  collect(base: number, end: number, bits: Uint32Array): void;
  /** What takes so long for one window that others must get their turn within it; runs after `collect`. */
  collectLong?(base: number, end: number, bits: Uint32Array): Generator<void, void> | undefined;
}

/** Leads a query through all windows of its space; yields when the step is over. */
export function* forEachWindow(
  matcher: Matcher,
  context: QueryContext,
  collector: WindowCollector,
): Generator<void, void> {
  const { maxDoc, budget, space, snapshot } = context;
  const deleted = space.path === "" ? snapshot.deleted : undefined;
  const hasDeleted = deleted !== undefined && snapshot.deletedCount > 0;
  const bits = newWindow();
  for (let base = 0; base < maxDoc; base += windowSize) {
    const next = matcher.next(base);
    if (next >= base + windowSize) {
      if (next >= maxDoc) return;
      base = next - (next % windowSize);
    }
    if (collector.canSkip?.(base) === true) continue;
    const end = Math.min(base + windowSize, maxDoc);
    bits.fill(0);
    matcher.fill(base, end, bits);
    if (hasDeleted) {
      const from = base >>> 5;
      for (let i = 0; i < windowWords; i++) bits[i] = (bits[i] as number) & ~(deleted[from + i] ?? 0);
    }
    if (end - base < windowSize) clearFrom(bits, end - base);
    if (!isEmpty(bits)) {
      collector.collect(base, end, bits);
      const long = collector.collectLong?.(base, end, bits);
      if (long !== undefined) yield* long;
    }
    if (collector.isDone === true) return;
    if (budget.isSpent) {
      yield;
      budget.restart();
    }
  }
}

/** All matches of a query as one set. Removed documents are left out; nested objects of removed documents are not. `words` come empty. */
export function* matchBits(
  matcher: Matcher,
  context: QueryContext,
  words: Uint32Array = new Uint32Array(wordsFor(context.maxDoc)),
): Generator<void, Uint32Array> {
  yield* forEachWindow(matcher, context, {
    collect(base, end, bits) {
      const count = wordsFor(end - base);
      words.set(count === bits.length ? bits : bits.subarray(0, count), base >>> 5);
    },
  });
  return words;
}

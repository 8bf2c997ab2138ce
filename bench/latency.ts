/** Middle and worst of repeated calls, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Calls for as long as `forMs`, at least five times, after one call that does not count. */
export async function measure(call: () => Promise<unknown>, forMs: number): Promise<Latency> {
  await call();
  const times: number[] = [];
  const until = performance.now() + forMs;
  while (times.length < 5 || (times.length < 1000 && performance.now() < until)) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

export const show = ({ p50, p99 }: Latency): string => `${p50.toFixed(2).padStart(8)} / ${p99.toFixed(2).padStart(8)}`;

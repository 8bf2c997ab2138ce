/** Milliseconds of CPU since the process started, threads included. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** Nanoseconds of CPU of one call, the best of three rounds. */
export function nanoseconds(call: () => unknown, times: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const startedAt = cpuMs();
    for (let i = 0; i < times; i++) call();
    best = Math.min(best, ((cpuMs() - startedAt) * 1e6) / times);
  }
  return best;
}

import { HttpClient } from "./http-client.ts";
import { cpuSeconds } from "./process-usage.ts";

export interface Figures {
  readonly operations: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU of the server's process and its threads, per operation. */
  readonly cpuUs: number;
}

export interface Load {
  readonly inFlight: number;
  readonly seconds: number;
  /** Documents in one request; figures are per document then. */
  readonly perRequest?: number;
  readonly pid: number;
}

/** Runs `send` from `inFlight` loops for some seconds, after a warm-up of a third of that. Answers are checked by `send`. */
export async function measure(load: Load, send: (loop: number, turn: number) => Promise<void>): Promise<Figures> {
  let turn = 0;
  const run = async (seconds: number, latencies: number[] | undefined): Promise<void> => {
    const stopAt = performance.now() + seconds * 1_000;
    await Promise.all(
      Array.from({ length: load.inFlight }, async (_, loop) => {
        while (performance.now() < stopAt) {
          const startedAt = performance.now();
          await send(loop, turn++);
          latencies?.push(performance.now() - startedAt);
        }
      }),
    );
  };
  await run(load.seconds / 3, undefined);
  const latencies: number[] = [];
  const cpuBefore = cpuSeconds(load.pid);
  const startedAt = performance.now();
  await run(load.seconds, latencies);
  const elapsed = (performance.now() - startedAt) / 1_000;
  const operations = latencies.length * (load.perRequest ?? 1);
  const cpu = cpuSeconds(load.pid) - cpuBefore;
  latencies.sort((a, b) => a - b);
  const at = (quantile: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * quantile))] ?? 0;
  return {
    operations,
    perSecond: operations / elapsed,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuUs: (cpu / operations) * 1e6,
  };
}

/** As {@link measure}, over one HTTP connection for each loop; anything but a status below 400 ends the run. */
export async function measureHttp(
  load: Load & { readonly port: number },
  request: (turn: number) => Buffer,
): Promise<Figures> {
  const clients = await Promise.all(Array.from({ length: load.inFlight }, () => HttpClient.open(load.port)));
  try {
    return await measure(load, async (loop, turn) => {
      const answer = await (clients[loop] as HttpClient).send(request(turn));
      if (answer.status >= 400) throw new Error(`status ${answer.status}: ${answer.body}`);
    });
  } finally {
    for (const client of clients) client.close();
  }
}

export function printFigures(name: string, { perSecond, p50Ms, p99Ms, cpuUs }: Figures, aim?: string): void {
  const columns = [
    name.padEnd(52),
    `${Math.round(perSecond).toLocaleString("en").padStart(9)} /s`,
    `p50 ${p50Ms.toFixed(2).padStart(7)} ms`,
    `p99 ${p99Ms.toFixed(2).padStart(7)} ms`,
    `${cpuUs.toFixed(1).padStart(7)} us CPU`,
    aim === undefined ? "" : `(aim: ${aim})`,
  ];
  console.log(columns.join("  "));
}

/**
 * Writes documents until the server goes away, and appends the ids of those that were acknowledged to a file, which it keeps in sync:
 * `node writer.ts URL FILE`. A process of its own, so that what it has noted does not die with the test or the server.
 */
import { appendFileSync } from "node:fs";

const [url, file] = process.argv.slice(2) as [string, string];
const headers = { "Content-Type": "application/json" };

const ids = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

async function note(response: Response): Promise<void> {
  const { result, error } = (await response.json()) as {
    result: { _id?: string; successes?: { _id: string }[] };
    error: unknown;
  };
  if (error !== null) throw new Error(JSON.stringify(error));
  const acknowledged = result.successes?.map(({ _id }) => _id) ?? [result._id];
  appendFileSync(file, `${acknowledged.join("\n")}\n`);
}

/** One loop creates documents one by one, the other in batches: the kill falls into both. */
async function loop(name: string, write: (turn: number) => Promise<Response>): Promise<void> {
  for (let turn = 0; ; turn++) {
    try {
      await note(await write(turn));
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return; // the connection broke: the server is gone
      throw new Error(`${name}: ${String(error)}`);
    }
  }
}

const body = (turn: number): object => ({ turn, text: "acknowledged means on disk", filler: "x".repeat(200) });

await Promise.all([
  ...ids("single", 8).map((name) =>
    loop(name, (turn) =>
      fetch(`${url}/kill/docs/${name}-${turn}/_create`, { method: "POST", headers, body: JSON.stringify(body(turn)) }),
    ),
  ),
  ...ids("batch", 4).map((name) =>
    loop(name, (turn) =>
      fetch(`${url}/kill/docs/_mCreate`, {
        method: "POST",
        headers,
        body: JSON.stringify({ documents: ids(`${name}-${turn}`, 50).map((_id) => ({ _id, body: body(turn) })) }),
      }),
    ),
  ),
]);

import type { ReferenceEngine } from "../../tests/long/reference/reference-engine.ts";
import { httpRequest } from "../server/http-client.ts";
import type { Contender } from "./contender.ts";
import { mappings } from "./documents.ts";

const path = "/million/_search?request_cache=false&track_total_hits=true&size=";

/** The reference, asked directly. */
export async function asContender(engine: ReferenceEngine): Promise<Contender> {
  const index = { number_of_shards: 1, number_of_replicas: 0 };
  const { status } = await engine.request("PUT", "/million", { mappings, settings: { index } });
  if (status !== 200) throw new Error(`The reference refused the mapping: ${status}`);
  return {
    port: engine.port,
    pid: engine.pid,
    search: (body) => httpRequest("POST", `${path}${body.aggs === undefined ? 10 : 0}`, { body }),
    write: (documents) => {
      const text = documents.map(({ id, source }) => `{"index":{"_id":"${id}"}}\n${source}\n`).join("");
      return httpRequest("POST", "/million/_bulk", { text });
    },
    totalOf: ({ hits }) => (hits as { total: { value: number } }).total.value,
  };
}

import type { JSONObject } from "../../src/kernel/index.ts";
import { httpRequest } from "../server/http-client.ts";
import type { RunningServer } from "../server/tenon.ts";
import type { Contender } from "./contender.ts";

/** Tenon over its own API, rights checked. */
export function asContender({ port, pid }: RunningServer, token: string): Contender {
  return {
    port,
    pid,
    search: (body) => httpRequest("POST", `/bench/million/_search?size=${sizeOf(body)}`, { token, body }),
    write: (documents) => {
      const lines = documents.map(({ id, source }) => `{"index":{"_id":"${id}"}},${source}`).join(",");
      return httpRequest("POST", "/bench/million/_bulk", { token, text: `{"bulkData":[${lines}]}` });
    },
    totalOf: ({ result }) => (result as { total: number }).total,
  };
}

const sizeOf = (body: JSONObject): number => (body.aggs === undefined ? 10 : 0);

import type { WriteOperation } from "../../../src/stores/documents/index.ts";
import { Random } from "../../long/reference/random.ts";
import { applyRequest, type ChurnRequest, type ModelState } from "./churn-model.ts";
import { churnMappings, collectionOf, requestOf } from "./churn-requests.ts";
import type { Line } from "./crash-runs.ts";

const headers = { "Content-Type": "application/json" };

interface Answer {
  readonly status: number;
  readonly result: { readonly _version?: number } | null;
}

/** One request of the model as one of the API: of several writes the first that the API has for single documents. */
function toSingle(request: ChurnRequest): ChurnRequest {
  if (request.kind !== "write") return request;
  const operation = request.operations.find(({ kind }) => kind !== "deleteFields");
  return { kind: "write", operations: operation === undefined ? [] : [operation] };
}

/** Sends requests of one lane over the API until the server is gone; answers what was sent and acknowledged, as a churning process notes it. */
export async function runApiLane(
  url: string,
  lane: number,
  before: ModelState,
  seed: number,
): Promise<readonly Line[]> {
  const random = new Random(seed);
  const lines: Line[] = [];
  let state = before;
  for (;;) {
    const request = toSingle(requestOf(random, lane, state));
    if (request.kind === "write" && request.operations.length === 0) continue;
    lines.push({ lane, request });
    const next = applyRequest(state, request);
    try {
      const answer = await send(url, lane, request);
      const outcomes = request.kind === "write" ? [outcomeOf(answer, next.outcomes[0])] : null;
      if (request.kind !== "write" && answer.status !== 200) throw new Error(JSON.stringify(answer));
      lines.push({ lane, outcomes });
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return lines; // the connection broke: the server is gone
      throw error;
    }
    state = next.state;
  }
}

/** Deletions answer no version. */
function outcomeOf(
  { status, result }: Answer,
  expected: readonly [boolean, unknown] | undefined,
): readonly [boolean, unknown] {
  if (status === 200) return [true, result?._version ?? expected?.[1]];
  return [false, status === 404 ? "missing" : status === 400 ? "exists" : status];
}

async function send(url: string, lane: number, request: ChurnRequest): Promise<Answer> {
  const { index, collection } = collectionOf(lane);
  const call = async (method: string, path: string, body?: string): Promise<Answer> => {
    const response = await fetch(`${url}/${index}/${collection}${path}`, {
      method,
      ...(body === undefined ? {} : { headers, body }),
    });
    return (await response.json()) as Answer;
  };
  switch (request.kind) {
    case "make":
      return call("PUT", "", JSON.stringify({ mappings: churnMappings }));
    case "drop":
      return call("DELETE", "");
    case "truncate":
      return call("DELETE", "/_truncate");
    case "map":
      return call("PUT", "", JSON.stringify({ mappings: { properties: { [request.field]: { type: "keyword" } } } }));
    case "write":
      return write(call, request.operations[0] as WriteOperation);
  }
}

function write(
  call: (method: string, path: string, body?: string) => Promise<Answer>,
  operation: WriteOperation,
): Promise<Answer> {
  const id = operation.id ?? "";
  switch (operation.kind) {
    case "create":
      return call("POST", `/${id}/_create`, operation.source);
    case "index":
      return call("PUT", `/${id}`, operation.source);
    case "replace":
      return call("PUT", `/${id}/_replace`, operation.source);
    case "update":
      return call("PUT", `/${id}/_update`, operation.partial);
    case "delete":
      return call("DELETE", `/${id}`);
    case "deleteFields":
      throw new TypeError("left out");
  }
}

import type { JSONObject } from "../../../kernel/index.ts";
import { asResponseError, ResponseError } from "./response-error.ts";

/** What calls of a client answer: its version 8 the content itself, its version 7 `{ body, statusCode }`. */
export type ClientAnswer = JSONObject;

/** `services.storageEngine.majorVersion`. */
export type ClientVersion = "7" | "8";

/** Runs one call; its failure is a {@link ResponseError}. */
export async function answered(
  version: ClientVersion,
  run: () => Promise<JSONObject>,
  status = 200,
): Promise<ClientAnswer> {
  try {
    const body = await run();
    return version === "8" ? body : { body, statusCode: status, headers: {}, warnings: null, meta: {} };
  } catch (error) {
    throw asResponseError(error);
  }
}

/** As {@link answered}, for calls that ask whether something is there: version 8 answers a boolean. */
export async function whether(version: ClientVersion, run: () => Promise<boolean>): Promise<ClientAnswer | boolean> {
  const isThere = await run().catch((error: unknown) => {
    const failure = asResponseError(error);
    if (failure instanceof ResponseError && failure.statusCode === 404) return false;
    throw failure;
  });
  if (version === "8") return isThere;
  return { body: isThere, statusCode: isThere ? 200 : 404, headers: {}, warnings: null, meta: {} };
}

import type { JSONObject } from "../json.ts";
import { KuzzleError } from "./classes.ts";

/** An error that has been turned into JSON, as requests for other processes are. */
export function revivedError({ message, status, id, code }: JSONObject): KuzzleError {
  return new KuzzleError(
    typeof message === "string" ? message : "",
    typeof status === "number" ? status : 500,
    typeof id === "string" ? id : undefined,
    typeof code === "number" ? code : undefined,
  );
}

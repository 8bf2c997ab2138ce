import { isThenable, type MaybePromise } from "../../../events/index.ts";
import { isPlainObject, type KuzzleRequest } from "../../../kernel/index.ts";

/**
 * Runs something of a plugin that expects the headers of a request over HTTP among its arguments. They are there for this call only: others would
 * take them for what the client asked.
 * Source: contract/plugins/v1.md section 5.
 */
export function withHeaders<T>(request: KuzzleRequest, run: () => MaybePromise<T>): MaybePromise<T> {
  const lent = lendHeaders(request);
  if (lent.length === 0) return run();
  const takeBack = (): void => {
    for (const header of lent) delete request.input.args[header];
  };
  let answer: MaybePromise<T> | undefined;
  try {
    answer = run();
  } finally {
    if (!isThenable(answer)) takeBack();
  }
  return isThenable(answer) ? afterwards(answer, takeBack) : answer;
}

async function afterwards<T>(answer: PromiseLike<T>, takeBack: () => void): Promise<T> {
  try {
    return await answer;
  } finally {
    takeBack();
  }
}

/** Weaker than what the client asked; answers which were lent. */
function lendHeaders(request: KuzzleRequest): string[] {
  const { headers } = request.context.connection.misc;
  if (!request.isHttp || !isPlainObject(headers)) return [];
  const { args } = request.input;
  const lent = Object.keys(headers).filter((header) => header !== "authorization" && !Object.hasOwn(args, header));
  for (const header of lent) args[header] = headers[header];
  return lent;
}

const headers = { "Content-Type": "application/json" };

export interface Answer {
  readonly status: number;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly error: { readonly id: string; readonly message: string } | null;
}

/** A request over HTTP, whatever is answered. */
export async function ask(url: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(
    url + path,
    body === undefined ? { method } : { method, headers, body: JSON.stringify(body) },
  );
  const { status, result, error } = (await response.json()) as Answer;
  return { status, result, error };
}

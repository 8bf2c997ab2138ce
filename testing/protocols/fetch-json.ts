export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads out of JSON
  readonly json: any;
}

export async function fetchJson(url: string, init?: RequestInit): Promise<JsonAnswer> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, json: await response.json() };
}

/** What a span says of itself. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** Writes spans, around calls that may go on after they return. */
export interface Tracing {
  /** Runs `call` inside of a span, as its name says; the span ends when the answer settles, and says whether it failed. */
  around<T>(name: string, attributes: SpanAttributes, call: () => T): T;
  /** The same for a whole request, whose parent is what the headers name (`traceparent`), if anything; `ended` says how it went. */
  request<T>(name: string, headers: unknown, call: () => Promise<T>, ended: (answer: T) => SpanAttributes): Promise<T>;
}

/** Whether anybody collects spans: nobody until `active` is written, once, when the plugins of a server have started. */
export interface Traces {
  active: Tracing | undefined;
}

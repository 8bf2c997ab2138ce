import type { Attributes, Context, Span } from "@opentelemetry/api";
import { isThenable } from "../events/index.ts";
import type { SpanAttributes, Tracing } from "../kernel/index.ts";

/** Where every copy of the library in a process finds what was registered. */
const registry = Symbol.for("opentelemetry.js.api.1");

/**
 * Spans by OpenTelemetry, when somebody has registered a provider of tracers in this process; else undefined, and the library is not even
 * loaded. Asked once, when the plugins have started: one of them may be who registers.
 */
export async function findTracing(version: string): Promise<Tracing | undefined> {
  const registered = (globalThis as Record<symbol, unknown>)[registry] as { readonly trace?: unknown } | undefined;
  if (registered?.trace === undefined) return undefined;
  const { context, propagation, SpanKind, SpanStatusCode, trace } = await import("@opentelemetry/api");
  const tracer = trace.getTracer("tenon", version);

  const failed = (span: Span, error: unknown): void => {
    if (error instanceof Error) span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
    span.end();
  };
  const open = (name: string, kind: number, attributes: Attributes, parent: Context): [Span, Context] => {
    const span = tracer.startSpan(name, { kind, attributes }, parent);
    return [span, trace.setSpan(parent, span)];
  };

  return {
    around<T>(name: string, attributes: SpanAttributes, call: () => T): T {
      const [span, inside] = open(name, SpanKind.INTERNAL, attributes, context.active());
      let answer: T;
      try {
        answer = context.with(inside, call);
      } catch (error) {
        failed(span, error);
        throw error;
      }
      if (!isThenable(answer)) {
        span.end();
        return answer;
      }
      answer.then(
        () => span.end(),
        (error: unknown) => failed(span, error),
      );
      return answer;
    },
    async request<T>(
      name: string,
      headers: unknown,
      call: () => Promise<T>,
      ended: (answer: T) => SpanAttributes,
    ): Promise<T> {
      const [span, inside] = open(name, SpanKind.SERVER, {}, propagation.extract(context.active(), headers ?? {}));
      const answer = await context.with(inside, call);
      const attributes = ended(answer);
      span.setAttributes(attributes);
      if (Number(attributes.status) >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      return answer;
    },
  };
}

/** The names of the class in packages that plugins may carry a copy of. */
const classNames: ReadonlySet<string> = new Set(["KuzzleRequest", "Request"]);

/** What of a request another copy of the class has as well. */
export interface CopiedRequest {
  readonly id: string;
  readonly status: number;
  readonly timestamp: number;
  readonly input: {
    readonly args: Readonly<Record<string, unknown>>;
    readonly controller: string | null;
    readonly action: string | null;
    readonly body: unknown;
    readonly jwt: string | null;
    readonly volatile: unknown;
    readonly resource?: Readonly<Record<string, unknown>>;
  };
  readonly context: {
    readonly connection?: CopiedConnection;
    readonly token?: unknown;
    readonly user?: unknown;
  };
  readonly error: unknown;
  readonly result: unknown;
  setResult(result: unknown, options?: { readonly status?: number }): void;
}

export interface CopiedConnection {
  readonly id?: unknown;
  readonly protocol?: unknown;
  readonly ips?: unknown;
  readonly misc?: Readonly<Record<string, unknown>>;
}

/** Whether an object was made by another copy of the class of requests: recognised by the name of its class and by its members. */
export function isCopiedRequest(candidate: unknown): candidate is CopiedRequest {
  if (typeof candidate !== "object" || candidate === null) return false;
  const { input, context, setResult } = candidate as Partial<CopiedRequest>;
  if (typeof input !== "object" || typeof context !== "object" || typeof setResult !== "function") return false;
  return classNames.has((Object.getPrototypeOf(candidate) as object | null)?.constructor.name ?? "");
}

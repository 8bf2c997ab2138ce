/** Headers that are replaced when set again; `set-cookie` collects, all others join with ", " (contract/plugins/v2.md section 10). */
const single = new Set([
  "age",
  "authorization",
  "content-length",
  "content-type",
  "etag",
  "expires",
  "from",
  "host",
  "if-modified-since",
  "if-unmodified-since",
  "last-modified",
  "location",
  "max-forwards",
  "proxy-authorization",
  "referer",
  "retry-after",
  "user-agent",
  "x-kuzzle-node",
]);

export type HeaderValue = string | string[];

/** Response headers by lower-case name. */
export class Headers {
  readonly values = new Map<string, HeaderValue>();

  get(name: string): HeaderValue | undefined {
    return this.values.get(name.toLowerCase());
  }

  set(name: string, value: unknown): void {
    const key = name.toLowerCase();
    const text = Array.isArray(value) ? value.map(String) : String(value);
    const before = this.values.get(key);
    if (key === "set-cookie") {
      this.values.set(key, ([] as string[]).concat(before ?? [], text));
    } else if (before === undefined || single.has(key)) {
      this.values.set(key, Array.isArray(text) ? text.join(", ") : text);
    } else {
      this.values.set(key, [before, text].flat().join(", "));
    }
  }

  remove(name: string): void {
    this.values.delete(name.toLowerCase());
  }

  toJSON(): Record<string, HeaderValue> {
    return Object.fromEntries(this.values);
  }
}

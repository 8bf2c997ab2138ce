import { isPlainObject, type JSONObject } from "../json.ts";
import { Connection } from "./connection.ts";

/** Who asks, as far as the kernel knows; the security room's users are of this shape. */
export interface RequestUser {
  readonly _id: string | null;
  readonly profileIds: readonly string[];
}

/** The proof of who asks. `jwt` is null and `userId` is "-1" for the anonymous user. */
export interface RequestToken {
  readonly userId: string | null;
  readonly jwt: string | null;
}

export interface RequestContextOptions {
  readonly connection?: unknown;
  readonly connectionId?: string | null;
  readonly protocol?: string | null;
  /** Those of the connection, for whoever names it by its id only. */
  readonly headers?: JSONObject | null;
  readonly token?: RequestToken | null;
  readonly user?: RequestUser | null;
}

/** Where a request comes from and who sent it. The pipeline writes `token` and `user` in its step `identify`. */
export class RequestContext {
  connection: Connection;
  token: RequestToken | null;
  user: RequestUser | null;

  /** `options` may be the connection itself: authors of protocols write `new Request(data, connection)`. */
  constructor(options: RequestContextOptions = {}) {
    const connection = "ips" in options ? options : options.connection;
    this.connection = connection instanceof Connection ? connection : new Connection(connection as JSONObject | null);
    if (typeof options.connectionId === "string") this.connection.id = options.connectionId;
    if (typeof options.protocol === "string") this.connection.protocol = options.protocol;
    if (isPlainObject(options.headers)) this.connection.misc.headers ??= options.headers;
    this.token = options.token ?? null;
    this.user = options.user ?? null;
  }

  /** Deprecated in favour of `connection.id`. */
  get connectionId(): string | null {
    return this.connection.id;
  }

  set connectionId(id: string | null) {
    this.connection.id = id;
  }

  /** Deprecated in favour of `connection.protocol`. */
  get protocol(): string | null {
    return this.connection.protocol;
  }

  set protocol(name: string | null) {
    this.connection.protocol = name;
  }

  toJSON(): JSONObject {
    return { connection: this.connection.toJSON(), token: this.token, user: this.user };
  }
}

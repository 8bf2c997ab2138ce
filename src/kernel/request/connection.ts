import { uuid } from "../ids.ts";
import { isPlainObject, type JSONObject } from "../json.ts";

/**
 * One client link, as protocols declare it to the entry point.
 *
 * Shape: `{ id: uuid, protocol: "websocket", ips: ["127.0.0.1"], headers: {…}, internal: {…} }`. `ips` lists the peer, then the forwarded
 * addresses. Left extensible: protocols of older generations add members of their own.
 */
export class ClientConnection {
  readonly id: string;
  readonly protocol: string;
  readonly ips: readonly string[];
  readonly headers: JSONObject;
  readonly internal: JSONObject;

  constructor(protocol: string, ips: readonly string[], headers?: JSONObject | null, internal?: JSONObject | null) {
    if (!Array.isArray(ips)) throw new TypeError(`Expected ips to be an array, got ${typeof ips}`);
    this.id = uuid();
    this.protocol = protocol;
    this.ips = ips;
    this.headers = isPlainObject(headers) ? headers : {};
    this.internal = isPlainObject(internal) ? internal : {};
  }
}

/**
 * The connection as a request sees it: `{ id, protocol, ips, misc }`; `misc` holds what the protocol knows beyond that
 * (HTTP: `url`, `path`, `verb`, `headers`).
 */
export class Connection {
  id: string | null = null;
  protocol: string | null = null;
  ips: readonly string[] = [];
  misc: JSONObject = {};

  constructor(connection?: Readonly<Record<string, unknown>> | null) {
    if (connection === undefined || connection === null) return;
    for (const key of Object.keys(connection)) {
      const value = connection[key];
      if (key === "id") this.id = typeof value === "string" ? value : null;
      else if (key === "protocol") this.protocol = typeof value === "string" ? value : null;
      else if (key === "ips") this.ips = Array.isArray(value) ? value : [];
      else if (key === "misc" && isPlainObject(value)) Object.assign(this.misc, value);
      else if (key !== "__proto__") this.misc[key] = value;
    }
  }

  toJSON(): JSONObject {
    return { id: this.id, ips: this.ips, protocol: this.protocol, ...this.misc };
  }
}

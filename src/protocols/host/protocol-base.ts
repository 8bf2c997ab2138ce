import { bytes } from "../../config/index.ts";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";

interface EntryPointOfAuthor {
  readonly config: JSONObject;
}

/**
 * `context.Protocol`: a class that authors may extend. It keeps what most protocols need and has every required method, so that an author
 * writes only those that mean something.
 * Source: contract/plugins/protocols.md section 5.
 */
export class ProtocolBase {
  name: string;
  /** `server.protocols.<name>`. */
  config: JSONObject = {};
  entryPoint: EntryPointOfAuthor | null = null;
  /** Bytes: `server.maxRequestSize`, to be enforced by the author. */
  maxRequestSize = 0;
  initCalled = false;

  constructor(name: string) {
    this.name = name;
  }

  async init(name: string | null, entryPoint: EntryPointOfAuthor): Promise<void> {
    if (typeof name === "string") this.name = name;
    this.entryPoint = entryPoint;
    const { protocols, maxRequestSize } = entryPoint.config;
    const own = isPlainObject(protocols) ? protocols[this.name] : undefined;
    if (isPlainObject(own)) this.config = own;
    this.maxRequestSize = bytes(maxRequestSize as string | number); // checked by the configuration room
    this.initCalled = true;
  }

  broadcast(_data: unknown): void {}
  notify(_data: unknown): void {}
  joinChannel(_channel: string, _connectionId: string): void {}
  leaveChannel(_channel: string, _connectionId: string): void {}
  disconnect(_connectionId: string): void {}
}

import type { Broadcast, DirectMessage, Protocol } from "../../../events/index.ts";
import { ClientConnection, type JSONObject } from "../../../kernel/index.ts";
import type { PluginHostDeps } from "../../deps.ts";
import { formerName } from "./former-names.ts";

type Message = "joinChannel" | "leaveChannel" | "notify" | "broadcast";

/**
 * The connections that plugins of the first generation speak with, as one protocol of the server. What it has to tell them are the hooks
 * `protocol:*`, and `proxy:*` of later releases: every plugin hears all, and leaves aside the ids that it does not know. The plugins choose the ids.
 * Source: contract/plugins/protocols.md section 1.
 */
export class PluginProtocol implements Protocol {
  readonly name = "kuzzle-0";
  readonly #deps: PluginHostDeps;
  readonly #connections = new Map<string, ClientConnection>();
  readonly #ids = new Map<string, string>();
  #isRegistered = false;

  constructor(deps: PluginHostDeps) {
    this.#deps = deps;
  }

  /** Makes it known to the server: by the first plugin that speaks with somebody, or that wants to hear of it. */
  register(): void {
    if (this.#isRegistered) return;
    this.#isRegistered = true;
    this.#deps.entryPoint?.registerProtocol(this);
  }

  /** The same for the same id. `entryPoint`: as the plugin reaches it. */
  open(protocol: string, id: string, entryPoint: PluginHostDeps["entryPoint"]): ClientConnection {
    const known = this.#connections.get(id);
    if (known !== undefined) return known;
    const connection = new ClientConnection(protocol, []);
    entryPoint?.newConnection(connection, this);
    this.register();
    this.#connections.set(id, connection);
    this.#ids.set(connection.id, id);
    return connection;
  }

  find(id: string): ClientConnection | undefined {
    return this.#connections.get(id);
  }

  /** False for an id that is not open. */
  close(id: string): boolean {
    const connection = this.#connections.get(id);
    if (connection === undefined) return false;
    this.#deps.entryPoint?.removeConnection(connection.id);
    this.#connections.delete(id);
    this.#ids.delete(connection.id);
    return true;
  }

  joinChannel(channel: string, connectionId: string): void {
    this.#tell("joinChannel", channel, connectionId);
  }

  leaveChannel(channel: string, connectionId: string): void {
    this.#tell("leaveChannel", channel, connectionId);
  }

  broadcast({ channels, payload }: Broadcast): void {
    for (const channel of channels) this.#tell("broadcast", channel, undefined, payload);
  }

  notify({ channels, connectionId, payload }: DirectMessage): void {
    for (const channel of channels) this.#tell("notify", channel, connectionId, payload);
  }

  disconnect(connectionId: string): void {
    const id = this.#ids.get(connectionId);
    if (id !== undefined) this.close(id); // these plugins know no way to be told
  }

  start(): void {} // the plugins have opened their sockets in init

  stop(): void {
    for (const id of [...this.#connections.keys()]) this.close(id);
  }

  #tell(message: Message, channel: string, connectionId?: string, payload?: JSONObject): void {
    const { events } = this.#deps;
    const isHeard = events.hasListeners(`protocol:${message}`);
    const isHeardLater = events.hasListeners(`proxy:${message}`);
    if (!isHeard && !isHeardLater) return;
    const id = connectionId === undefined ? undefined : this.#ids.get(connectionId);
    const told: JSONObject = { channel };
    if (id !== undefined) told.id = id;
    if (payload !== undefined) told.payload = shown(channel, payload);
    if (isHeard) events.hook(`protocol:${message}`, told);
    if (!isHeardLater) return;
    const later = id === undefined ? {} : { connectionId: id };
    events.hook(`proxy:${message}`, { ...told, channels: [channel], ...later });
  }
}

/** A notification under its former names, with a `toJson` that answers itself. */
function shown(roomId: string, payload: JSONObject): JSONObject {
  const { volatile, room, controller, action, ...members } = payload;
  const notification = {
    error: null,
    state: "done",
    ...members,
    ...formerName(controller, action),
    roomId: room ?? roomId,
    metadata: volatile ?? {},
  };
  return Object.defineProperty(notification, "toJson", { value: () => notification, enumerable: false });
}

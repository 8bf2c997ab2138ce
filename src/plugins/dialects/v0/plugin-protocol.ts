import type { Broadcast, DirectMessage, Protocol } from "../../../events/index.ts";
import { ClientConnection, type JSONObject } from "../../../kernel/index.ts";
import { callPlugin } from "../../realm/current-call.ts";
import type { PluginScope } from "../dialect.ts";
import { resolveTarget } from "../v2/targets.ts";
import { isObject } from "./request-object.ts";

type Message = "joinChannel" | "leaveChannel" | "notify" | "broadcast";

/**
 * The connections that a plugin of the first generation speaks with, as one protocol of the server. What the server has to tell them goes to the
 * plugin's hooks on `protocol:*`. The plugin gives connections ids of its own.
 * Source: contract/plugins/protocols.md section 1.
 */
export class PluginProtocol implements Protocol {
  readonly name: string;
  readonly #scope: PluginScope;
  readonly #instance: JSONObject;
  readonly #connections = new Map<string, ClientConnection>();
  readonly #ids = new Map<string, string>();
  /** How many of the connections are on a channel: what is sent on others is not for this plugin. */
  readonly #channels = new Map<string, Set<string>>();

  constructor(instance: JSONObject, scope: PluginScope) {
    this.name = `plugin:${scope.call.plugin}`;
    this.#instance = instance;
    this.#scope = scope;
  }

  /** The same for the same id. */
  open(protocol: string, id: string): ClientConnection {
    const known = this.#connections.get(id);
    if (known !== undefined) return known;
    const connection = new ClientConnection(protocol, []);
    this.#connections.set(id, connection);
    this.#ids.set(connection.id, id);
    this.#scope.deps.entryPoint?.newConnection(connection, this);
    return connection;
  }

  find(id: string): ClientConnection | undefined {
    return this.#connections.get(id);
  }

  /** False for an id that is not open. */
  close(id: string): boolean {
    const connection = this.#connections.get(id);
    if (connection === undefined) return false;
    this.#scope.deps.entryPoint?.removeConnection(connection.id);
    this.#connections.delete(id);
    this.#ids.delete(connection.id);
    for (const [channel, members] of this.#channels) this.#drop(channel, members, connection.id);
    return true;
  }

  joinChannel(channel: string, connectionId: string): void {
    this.#channels.set(channel, (this.#channels.get(channel) ?? new Set()).add(connectionId));
    this.#tell("joinChannel", { channel, id: this.#ids.get(connectionId) });
  }

  leaveChannel(channel: string, connectionId: string): void {
    const members = this.#channels.get(channel);
    if (members !== undefined) this.#drop(channel, members, connectionId);
    this.#tell("leaveChannel", { channel, id: this.#ids.get(connectionId) });
  }

  #drop(channel: string, members: Set<string>, connectionId: string): void {
    members.delete(connectionId);
    if (members.size === 0) this.#channels.delete(channel);
  }

  broadcast({ channels, payload }: Broadcast): void {
    for (const channel of channels) {
      if (this.#channels.has(channel)) this.#tell("broadcast", { channel, payload: shown(channel, payload) });
    }
  }

  notify({ channels, connectionId, payload }: DirectMessage): void {
    const id = this.#ids.get(connectionId);
    for (const channel of channels) this.#tell("notify", { channel, id, payload: shown(channel, payload) });
  }

  disconnect(connectionId: string): void {
    const id = this.#ids.get(connectionId);
    if (id !== undefined) this.close(id); // these plugins know no way to be told
  }

  start(): void {} // the plugin has opened its socket in init

  stop(): void {
    for (const id of [...this.#connections.keys()]) this.close(id);
  }

  #tell(message: Message, payload: JSONObject): void {
    const event = `protocol:${message}`;
    const { hooks } = this.#instance;
    const written = isObject(hooks) ? (hooks[event] ?? hooks["protocol:*"]) : undefined;
    for (const name of Array.isArray(written) ? (written as unknown[]) : [written]) {
      const target = resolveTarget(this.#instance, name, { names: true, bindMethods: true });
      if (target === undefined) continue;
      try {
        callPlugin(this.#scope.call, target, payload, event);
      } catch (err) {
        this.#scope.log.error("plugin.hook_failed", { plugin: this.#scope.call.plugin, event, err });
      }
    }
  }
}

/** A notification under its former names, with a `toJson` that answers itself. */
function shown(roomId: string, payload: JSONObject): JSONObject {
  const { volatile, room, ...members } = payload;
  const notification = { error: null, state: "done", ...members, roomId: room ?? roomId, metadata: volatile ?? {} };
  return Object.defineProperty(notification, "toJson", { value: () => notification, enumerable: false });
}

import type { Broadcast, DirectMessage, Protocol } from "../../events/index.ts";
import { kerror, kerrorFrom } from "../../kernel/index.ts";
import type { DefinedPluginContext } from "../authoring/define-plugin.ts";
import type { ProtocolDescription } from "../authoring/protocol-description.ts";
import { callPlugin } from "../realm/current-call.ts";
import type { PluginScope } from "./dialect.ts";

/**
 * The protocols of a described plugin. Errors: `plugin.runtime.unavailable_before_start` on a server without connections,
 * `plugin.assert.cannot_load` for what is no protocol.
 */
export function readProtocols(
  written: readonly ProtocolDescription<DefinedPluginContext>[],
  context: DefinedPluginContext,
  scope: PluginScope,
): Protocol[] {
  return written.map((one) => {
    const { entryPoint } = scope.deps;
    if (entryPoint === undefined) throw kerror("plugin.runtime.unavailable_before_start", "protocols");
    const made = typeof one === "function" ? callPlugin(scope.call, one, entryPoint, context) : one;
    check(made, scope.call.plugin);
    return new DefinedProtocol(made, scope);
  });
}

const methods = ["broadcast", "notify", "joinChannel", "leaveChannel", "disconnect", "start", "stop"] as const;

function check(protocol: Protocol, plugin: string): void {
  if (typeof protocol?.name !== "string" || protocol.name === "") {
    throw kerror("plugin.assert.cannot_load", plugin, "each of its protocols needs a name.");
  }
  const missing = methods.find((method) => typeof protocol[method] !== "function");
  if (missing === undefined) return;
  throw kerror("plugin.assert.cannot_load", plugin, `its protocol "${protocol.name}" has no method "${missing}".`);
}

// Made once: each message goes through one of them.
const broadcast = (to: Protocol, message: Broadcast): void => to.broadcast(message);
const notify = (to: Protocol, message: DirectMessage): void => to.notify(message);
const joinChannel = (to: Protocol, channel: string, connectionId: string): void =>
  to.joinChannel(channel, connectionId);
const leaveChannel = (to: Protocol, channel: string, connectionId: string): void =>
  to.leaveChannel(channel, connectionId);

/** Calls a protocol in the name of its plugin. What its messages throw is logged by the entry point. */
class DefinedProtocol implements Protocol {
  readonly name: string;
  readonly #protocol: Protocol;
  readonly #scope: PluginScope;
  #isStarted = false;

  constructor(protocol: Protocol, scope: PluginScope) {
    this.name = protocol.name;
    this.#protocol = protocol;
    this.#scope = scope;
  }

  broadcast(message: Broadcast): void {
    callPlugin(this.#scope.call, broadcast, this.#protocol, message);
  }

  notify(message: DirectMessage): void {
    callPlugin(this.#scope.call, notify, this.#protocol, message);
  }

  joinChannel(channel: string, connectionId: string): void {
    callPlugin(this.#scope.call, joinChannel, this.#protocol, channel, connectionId);
  }

  leaveChannel(channel: string, connectionId: string): void {
    callPlugin(this.#scope.call, leaveChannel, this.#protocol, channel, connectionId);
  }

  disconnect(connectionId: string, reason?: string): void {
    callPlugin(this.#scope.call, () => this.#protocol.disconnect(connectionId, reason));
  }

  /** Error: `plugin.runtime.failed_init`, naming the plugin. */
  async start(): Promise<void> {
    this.#isStarted = true;
    try {
      await callPlugin(this.#scope.call, () => this.#protocol.start());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const why = `its protocol "${this.name}" did not start: ${message}`;
      throw kerrorFrom(error, "plugin.runtime.failed_init", this.#scope.call.plugin, why);
    }
  }

  /** Its failure must not keep the others open. */
  async stop(): Promise<void> {
    if (!this.#isStarted) return;
    this.#isStarted = false;
    try {
      await callPlugin(this.#scope.call, () => this.#protocol.stop());
    } catch (err) {
      this.#scope.log.error("protocol.failed", { protocol: this.name, method: "stop", err });
    }
  }
}

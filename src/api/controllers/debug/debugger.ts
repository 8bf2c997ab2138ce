import type { InspectorNotification, Session } from "node:inspector";
import { type JSONObject, kerror } from "../../../kernel/index.ts";

const everyEvent = "*";

/** Sends one event of the Chrome DevTools Protocol to a connection; must not throw. */
export type TellDebugger = (connectionId: string, event: string, result: JSONObject) => void;

/**
 * The debugger of this process, which speaks the Chrome DevTools Protocol, and the connections that listen to its events. It runs in the
 * thread that it looks at: a method that pauses the program pauses its debugger too.
 */
export class Debugger {
  readonly #tell: TellDebugger;
  /** Connections by the name of the event, `*` for all of them. */
  readonly #listeners = new Map<string, Set<string>>();
  #session: Session | undefined;

  constructor(tell: TellDebugger) {
    this.#tell = tell;
  }

  async enable(): Promise<void> {
    if (this.#session !== undefined) return;
    // Loaded by the few who use it.
    const inspector = await import("node:inspector");
    if (this.#session !== undefined) return;
    const session = new inspector.Session();
    session.connect();
    session.on("inspectorNotification", (message: InspectorNotification<object>) => this.#onEvent(message));
    this.#session = session;
  }

  /** Forgets all listeners. */
  disable(): void {
    this.#listeners.clear();
    this.#session?.disconnect();
    this.#session = undefined;
  }

  /** What the method answers, or `{ error: text }` when it fails. Error: `core.debugger.not_enabled` (412). */
  post(method: string, params: JSONObject): Promise<JSONObject> {
    const session = this.#enabled();
    if (params.reportProgress) {
      const finished = { done: 0, total: 0, finished: true };
      this.#onEvent({ method: "HeapProfiler.reportHeapSnapshotProgress", params: finished });
    }
    const given = params.reportProgress === undefined ? params : { ...params, reportProgress: false };
    return new Promise((resolve) => {
      session.post(method, given, (error: Error | null, result?: object) => {
        resolve(error === null ? { ...result } : { error: error.message });
      });
    });
  }

  /** Error: `core.debugger.not_enabled` (412). */
  addListener(connectionId: string, event: string): void {
    this.#enabled();
    const connections = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, connections.add(connectionId));
  }

  /** Error: `core.debugger.not_enabled` (412). */
  removeListener(connectionId: string, event: string): void {
    this.#enabled();
    this.#remove(connectionId, event);
  }

  /** Whether the connection listens to anything. */
  isListening(connectionId: string): boolean {
    if (this.#listeners.size === 0) return false;
    for (const connections of this.#listeners.values()) if (connections.has(connectionId)) return true;
    return false;
  }

  removeConnection(connectionId: string): void {
    for (const event of this.#listeners.keys()) this.#remove(connectionId, event);
  }

  #remove(connectionId: string, event: string): void {
    const connections = this.#listeners.get(event);
    connections?.delete(connectionId);
    if (connections?.size === 0) this.#listeners.delete(event);
  }

  #enabled(): Session {
    if (this.#session === undefined) throw kerror("core.debugger.not_enabled");
    return this.#session;
  }

  #onEvent(message: { readonly method: string; readonly params: object }): void {
    // Whoever listens to both hears it twice, as the contract has it.
    for (const name of [everyEvent, message.method]) {
      for (const connectionId of this.#listeners.get(name) ?? []) {
        this.#tell(connectionId, message.method, { method: message.method, params: message.params });
      }
    }
  }
}

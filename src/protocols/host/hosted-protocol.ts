import type { ServerEntryPoint } from "../../api/index.ts";
import type { Broadcast, DirectMessage, Protocol } from "../../events/index.ts";
import { isPlainObject, type JSONObject, kerror, kerrorFrom } from "../../kernel/index.ts";
import type { ProtocolDeps } from "../protocol-deps.ts";
import type { Author, AuthorTools } from "./author.ts";
import { AuthorCalls } from "./author-calls.ts";
import { createAuthorDebug } from "./author-debug.ts";
import { createAuthorLog } from "./author-log.ts";
import { EmbeddedAuthor } from "./embedded-author.ts";
import { HostedEntryPoint } from "./hosted-entry-point.ts";
import type { HostedPackage } from "./hosted-package.ts";
import type { FormerRequests } from "./proxy/former-requests.ts";
import { ProxyAuthor } from "./proxy/proxy-author.ts";

export interface HostedProtocolDeps extends ProtocolDeps {
  readonly entryPoint: ServerEntryPoint;
  /** The section `server` of the configuration; each author gets a copy. */
  readonly serverConfig: JSONObject;
  /** `services.common.defaultInitTimeout`; 0 or less: never. */
  readonly initTimeoutMs: number;
  /** For protocols that speak in the requests of the first generation. */
  readonly former: FormerRequests;
  /** The variable `DEBUG`, for `context.debug`. */
  readonly debug: string;
}

/** An author's `shutdown` is not waited for any longer: a guess, longer than closing sockets takes. */
const shutdownPatienceMs = 5_000;

/**
 * A protocol that somebody else wrote, as one of the server's: `start` runs its `init`, `stop` disconnects its clients and runs its
 * `shutdown` when it has one.
 *
 * Errors: `plugin.assert.cannot_load` at once when a required method is missing; by `start`, `plugin.runtime.failed_init` when `init`
 * throws, rejects or takes too long.
 * Source: contract/plugins/protocols.md section 3.
 */
export const createHostedProtocol = (hosted: HostedPackage, deps: HostedProtocolDeps): Protocol =>
  new HostedProtocol(hosted, deps);

class HostedProtocol implements Protocol {
  readonly name: string;
  readonly instance: object;
  readonly #deps: HostedProtocolDeps;
  readonly #calls: AuthorCalls;
  readonly #author: Author;
  readonly #entryPoint: HostedEntryPoint;
  readonly #tools: AuthorTools;
  #isBegun = false;

  constructor(hosted: HostedPackage, deps: HostedProtocolDeps) {
    const { entryPoint, listener, development, serverConfig } = deps;
    const log = deps.log.child("protocols");
    this.name = hosted.name;
    this.instance = hosted.instance;
    this.#deps = deps;
    const calls = new AuthorCalls(hosted, log);
    this.#calls = calls;
    this.#author =
      hosted.kind === "proxy" ? new ProxyAuthor(calls, hosted.config, deps.former) : new EmbeddedAuthor(hosted, calls);
    const authorLog = createAuthorLog(log, hosted.name);
    this.#entryPoint = new HostedEntryPoint({
      protocol: this,
      calls,
      entryPoint,
      httpServer: listener.httpServer,
      config: configView(hosted.name, serverConfig),
      log: authorLog,
      development,
      authored: (protocol) => (protocol instanceof HostedProtocol ? protocol.instance : protocol),
    });
    this.#tools = { log: authorLog, debug: createAuthorDebug(log, deps.debug) };
  }

  broadcast(message: Broadcast): void {
    this.#author.broadcast(message);
  }

  notify(message: DirectMessage): void {
    this.#author.notify(message);
  }

  joinChannel(channel: string, connectionId: string): void {
    this.#author.joinChannel(channel, connectionId);
  }

  leaveChannel(channel: string, connectionId: string): void {
    this.#author.leaveChannel(channel, connectionId);
  }

  /** The connection is gone afterwards, whatever the author does about it. */
  disconnect(connectionId: string): void {
    if (!this.#entryPoint.hasConnection(connectionId)) return;
    this.#author.disconnect(connectionId);
    this.#entryPoint.removeConnection(connectionId);
  }

  async start(): Promise<void> {
    this.#isBegun = true;
    const { initTimeoutMs } = this.#deps;
    const why = `init did not finish within ${initTimeoutMs} ms. If it needs longer, raise services.common.defaultInitTimeout.`;
    const late = kerror("plugin.runtime.failed_init", this.name, why);
    try {
      await withDeadline(this.#author.init(this.#entryPoint, this.#tools), initTimeoutMs, late);
    } catch (error) {
      if (error === late) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw kerrorFrom(error, "plugin.runtime.failed_init", this.name, message);
    }
  }

  async stop(): Promise<void> {
    if (!this.#isBegun) return;
    this.#isBegun = false;
    for (const id of this.#entryPoint.connectionIds()) this.disconnect(id);
    const late = new Error(`shutdown did not finish within ${shutdownPatienceMs} ms`);
    try {
      await withDeadline(this.#author.shutdown(), shutdownPatienceMs, late);
    } catch (error) {
      this.#calls.failed("shutdown", error);
    }
  }
}

async function withDeadline(work: Promise<void>, deadlineMs: number, late: Error): Promise<void> {
  if (deadlineMs <= 0) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late), deadlineMs);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The protocol's options also under its own name, as some authors read them, unless a key of the server has that name. */
function configView(name: string, serverConfig: JSONObject): JSONObject {
  const config = copyOf(serverConfig) as JSONObject;
  const { protocols } = config;
  const own = isPlainObject(protocols) && Object.hasOwn(protocols, name) ? protocols[name] : undefined;
  if (own !== undefined && !(name in config)) config[name] = own;
  return config;
}

/** What an author changes in it stays his; what is no plain data (expressions, functions) is the same. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member)]));
}

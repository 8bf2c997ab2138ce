import type { MaybePromise } from "../../events/index.ts";
import type { Clock, KuzzleError, KuzzleRequest, Logger } from "../../kernel/index.ts";
import { clientAddress } from "../login/client-address.ts";
import type { JsonCollection, JsonPage } from "../storage/json-collection.ts";
import type { Search, Searches } from "../storage/search.ts";
import { Token } from "../tokens/token.ts";
import type { AuditEntry } from "./audit-entry.ts";
import { AuditStore } from "./audit-store.ts";
import { detailOf, targetOf } from "./describe-request.ts";
import { FloodGate } from "./flood-gate.ts";

export interface AuditOptions {
  readonly enabled: boolean;
  readonly maxAgeMs: number;
  readonly maxEntries: number;
  /** Refusals and failures of one source that are kept within a minute; ten times as many of all together. */
  readonly refusalsPerMinute: number;
}

export interface AuditLogDeps {
  readonly collection: JsonCollection;
  readonly searches: Searches;
  readonly clock: Clock;
  readonly log: Logger;
  readonly options: AuditOptions;
  readonly nodeId: string;
}

/** Controllers whose actions are written down, refused or not; of all others only what is refused for want of rights. */
const controllers = new Set([
  "auth",
  "security",
  "admin",
  "totp",
  "password",
  "kuzzle-plugin-auth-passport-local/password",
]);

/** Actions of these controllers that change nothing. */
const reading =
  /^(get(?!ResetPasswordToken)|mGet|search|scroll|check|has|list|validate|credentialsExist$|refresh$|status$)/;

/** Successes that are told to the client only once they are on disk: what changes who may do what. */
const isWrite = (controller: string, action: string): boolean =>
  controller !== "auth" || !/^(login|logout|createToken|refreshToken)$/.test(action);

/**
 * Who did what to which security object, when, from where, with what result.
 *
 * A change of securities is answered once its entry is stored as well. When the store does not take the entry, the change stands, the
 * answer goes out, and the entry goes to the server's log and is tried again: an audit log that is full or broken must not keep an
 * administrator from locking somebody out. All other entries follow within a fraction of a second, and nobody waits for them.
 */
export class AuditLog {
  readonly #deps: AuditLogDeps;
  readonly #store: AuditStore;
  readonly #gate: FloodGate;

  constructor(deps: AuditLogDeps) {
    this.#deps = deps;
    const { maxAgeMs, maxEntries, refusalsPerMinute } = deps.options;
    this.#store = new AuditStore({ ...deps, maxAgeMs, maxEntries });
    this.#gate = new FloodGate(refusalsPerMinute, refusalsPerMinute * 10);
  }

  start(): void {
    if (this.#deps.options.enabled) this.#store.startSweeping();
  }

  /** After a request was executed, or refused. `origin`: `client`, `server`, `plugin:<name>`. One look-up for what is not audited. */
  observe(request: KuzzleRequest, origin: string): MaybePromise<void> {
    const { controller, action } = request.input;
    if (!this.#deps.options.enabled || controller === null || action === null) return;
    const { error } = request;
    if (error === null) {
      if (!controllers.has(controller) || reading.test(action)) return;
    } else if (!this.#isWorthKeeping(controller, action, error)) return;
    try {
      return this.#keep(request, controller, action, origin);
    } catch (err) {
      this.#deps.log.error("security.audit_entry_lost", { controller, action, err });
    }
  }

  #isWorthKeeping(controller: string, action: string, { status }: KuzzleError): boolean {
    if (status === 401 || status === 403) return true;
    return controllers.has(controller) && !reading.test(action);
  }

  #keep(request: KuzzleRequest, controller: string, action: string, origin: string): MaybePromise<void> {
    const { error, context } = request;
    const now = this.#deps.clock.now();
    const { ips, protocol } = context.connection;
    const kuid = error?.audit?.kuid ?? kuidOf(request);
    let suppressed = 0;
    if (error !== null && error.status !== 206) {
      const source = `${clientAddress(ips) ?? origin} ${error.status} ${controller}:${action} ${error.id}`;
      const passed = this.#gate.pass(source, now);
      if (passed === undefined) return;
      suppressed = passed;
    }
    const target = targetOf(request);
    const detail = controllers.has(controller) ? detailOf(request) : undefined;
    const reason = error?.audit?.reason;
    const entry: AuditEntry = {
      at: now,
      event: `${controller}:${action}`.slice(0, 200),
      controller: controller.slice(0, 100),
      action: action.slice(0, 100),
      kuid,
      result: resultOf(error),
      status: error?.status ?? request.status,
      error: error?.id ?? null,
      ...(reason === undefined ? {} : { reason }),
      ...(target === undefined ? {} : { target }),
      ...(detail === undefined ? {} : { detail }),
      ...(context.token instanceof Token ? { token: context.token.type } : {}),
      ips: ips.slice(0, 5).map((ip) => String(ip).slice(0, 64)), // protocols of third parties may give anything
      protocol,
      origin,
      requestId: String(request.id ?? "").slice(0, 100),
      node: this.#deps.nodeId,
      ...(suppressed === 0 ? {} : { suppressed }),
    };
    this.#store.add(entry);
    const isChange = error === null || error.status === 206;
    if (isChange && controllers.has(controller) && isWrite(controller, action)) return this.#stored(entry);
  }

  async #stored(entry: AuditEntry): Promise<void> {
    if (await this.#store.flush()) return;
    this.#deps.log.error("security.audit_entry", { ...entry });
  }

  /** Newest first, unless the body says otherwise. Errors: those of searches. */
  async search(asked: Search): Promise<JsonPage> {
    await this.#store.flush();
    await this.#deps.collection.refresh();
    const body = asked.body.sort === undefined ? { ...asked.body, sort: [{ at: "desc" }] } : asked.body;
    return this.#deps.searches.search(this.#deps.collection, { ...asked, body });
  }

  sweep(): Promise<void> {
    return this.#store.sweep();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

/** Of a login, who it made the caller. */
function kuidOf({ input, context, result }: KuzzleRequest): string | null {
  const made = input.action === "login" ? (result as { _id?: unknown } | null)?._id : undefined;
  if (typeof made === "string") return made;
  return context.user?._id ?? null;
}

function resultOf(error: KuzzleError | null): AuditEntry["result"] {
  if (error === null) return "allowed";
  if (error.status === 206) return "partial";
  return error.status === 401 || error.status === 403 || error.status === 429 ? "refused" : "failed";
}

import type { Clock } from "../../kernel/index.ts";
import type { Token } from "./token.ts";

/** The longest delay that `setTimeout` keeps. */
const maxDelayMs = 2 ** 31 - 1;

interface Group {
  readonly connections: Set<string>;
  readonly expiresAt: number;
  /** Absent when the token came from another node by its fingerprint. */
  readonly token: Token | undefined;
}

interface Expiry {
  readonly at: number;
  readonly fingerprint: string;
}

export interface TokenLinksDeps {
  readonly clock: Clock;
  /** The token of these connections has come to its end: they are told, and lose their subscriptions. Must not throw. */
  readonly onTokenExpired: (connectionIds: readonly string[]) => void;
  /** The token of these connections was revoked: they lose their subscriptions silently. Must not throw. */
  readonly onTokenRevoked: (connectionIds: readonly string[]) => void;
}

/**
 * Which connection uses which token, on this node. One token per connection; several connections may share one. A single timer waits for
 * the next token to end, however many there are.
 * Source: contract/security.md section 11.
 */
export class TokenLinks {
  readonly #deps: TokenLinksDeps;
  readonly #fingerprints = new Map<string, string>();
  readonly #groups = new Map<string, Group>();
  /** Ends to come, as a binary heap; those whose group is gone or has another end are skipped. */
  #heap: Expiry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(deps: TokenLinksDeps) {
    this.#deps = deps;
  }

  link(connectionId: string, token: Token): void {
    const { fingerprint } = token;
    if (this.#fingerprints.get(connectionId) === fingerprint) return;
    this.unlink(connectionId);
    this.#fingerprints.set(connectionId, fingerprint);
    const group = this.#groups.get(fingerprint);
    if (group !== undefined) group.connections.add(connectionId);
    else this.#open(fingerprint, { connections: new Set([connectionId]), expiresAt: token.expiresAt, token });
  }

  unlink(connectionId: string): void {
    const fingerprint = this.#fingerprints.get(connectionId);
    if (fingerprint === undefined) return;
    this.#fingerprints.delete(connectionId);
    const group = this.#groups.get(fingerprint);
    group?.connections.delete(connectionId);
    if (group?.connections.size === 0) this.#groups.delete(fingerprint);
  }

  tokenOf(connectionId: string): Token | undefined {
    const fingerprint = this.#fingerprints.get(connectionId);
    return fingerprint === undefined ? undefined : this.#groups.get(fingerprint)?.token;
  }

  /** The connections of a refreshed token go to the new one. */
  move(from: string, to: string, expiresAt: number, token: Token | undefined): void {
    const connections = this.#close(from);
    if (connections.length === 0) return;
    for (const id of connections) this.#fingerprints.set(id, to);
    const group = this.#groups.get(to);
    if (group === undefined) this.#open(to, { connections: new Set(connections), expiresAt, token });
    else for (const id of connections) group.connections.add(id);
  }

  revoke(fingerprints: readonly string[]): void {
    const connections = fingerprints.flatMap((fingerprint) => this.#close(fingerprint));
    if (connections.length > 0) this.#deps.onTokenRevoked(connections);
  }

  /** Connections that are linked. */
  get size(): number {
    return this.#fingerprints.size;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#groups.clear();
    this.#fingerprints.clear();
    this.#heap = [];
  }

  #open(fingerprint: string, group: Group): void {
    this.#groups.set(fingerprint, group);
    if (group.expiresAt === -1) return;
    if (this.#heap.length > 2 * this.#groups.size + 64) this.#rebuildHeap();
    else push(this.#heap, { at: group.expiresAt, fingerprint });
    this.#schedule();
  }

  #close(fingerprint: string): readonly string[] {
    const group = this.#groups.get(fingerprint);
    if (group === undefined) return [];
    this.#groups.delete(fingerprint);
    const connections = [...group.connections];
    for (const id of connections) this.#fingerprints.delete(id);
    return connections;
  }

  #rebuildHeap(): void {
    this.#heap = [];
    for (const [fingerprint, { expiresAt }] of this.#groups) {
      if (expiresAt !== -1) push(this.#heap, { at: expiresAt, fingerprint });
    }
  }

  #schedule(): void {
    const next = this.#heap[0];
    if (next === undefined || next.at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = next.at;
    const delay = Math.min(Math.max(0, next.at - this.#deps.clock.now()), maxDelayMs);
    this.#timer = setTimeout(() => this.#ring(), delay).unref();
  }

  #ring(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const now = this.#deps.clock.now();
    const ended: string[] = [];
    for (let next = this.#heap[0]; next !== undefined && next.at <= now; next = this.#heap[0]) {
      pop(this.#heap);
      if (this.#groups.get(next.fingerprint)?.expiresAt === next.at) ended.push(...this.#close(next.fingerprint));
    }
    this.#schedule();
    if (ended.length > 0) this.#deps.onTokenExpired(ended);
  }
}

function push(heap: Expiry[], entry: Expiry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (parent === undefined || parent.at <= entry.at) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = entry;
}

function pop(heap: Expiry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let childAt = 2 * at + 1;
    const right = heap[childAt + 1];
    let child = heap[childAt];
    if (child === undefined) break;
    if (right !== undefined && right.at < child.at) {
      child = right;
      childAt++;
    }
    if (child.at >= last.at) break;
    heap[at] = child;
    at = childAt;
  }
  heap[at] = last;
}

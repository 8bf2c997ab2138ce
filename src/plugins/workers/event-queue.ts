import type { WorkerEvent } from "./messages.ts";

export interface QueueLimits {
  readonly maxEvents: number;
  /** Of the payloads, as text. */
  readonly maxCharacters: number;
}

/** Events that wait until a process can take them, oldest first. Bounded: what does not fit is refused. */
export class EventQueue {
  readonly #limits: QueueLimits;
  #events: (WorkerEvent | undefined)[] = [];
  #first = 0;
  #characters = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#events.length - this.#first;
  }

  /** False when it is full. */
  push(event: WorkerEvent): boolean {
    const characters = this.#characters + sizeOf(event);
    if (this.length >= this.#limits.maxEvents || characters > this.#limits.maxCharacters) return false;
    this.#characters = characters;
    this.#events.push(event);
    return true;
  }

  shift(): WorkerEvent | undefined {
    const event = this.#events[this.#first];
    if (event === undefined) return undefined;
    this.#events[this.#first++] = undefined;
    this.#characters -= sizeOf(event);
    // Moved once for many events: an array that is shifted each time moves all of them each time.
    if (this.#first === this.#events.length || this.#first > 1_024) {
      this.#events = this.#events.slice(this.#first);
      this.#first = 0;
    }
    return event;
  }

  /** Answers how many were thrown away. */
  clear(): number {
    const { length } = this;
    this.#events = [];
    this.#first = 0;
    this.#characters = 0;
    return length;
  }
}

const sizeOf = ([, payload]: WorkerEvent): number => payload?.length ?? 0;

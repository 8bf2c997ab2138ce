import type { EntryPoint } from "../api/index.ts";
import type { Events } from "../events/index.ts";
import type { Logger } from "../kernel/index.ts";
import type { Listener } from "./listener.ts";

/** What every protocol of this room depends on. */
export interface ProtocolDeps {
  readonly entryPoint: EntryPoint;
  readonly events: Events;
  readonly log: Logger;
  /** The port that HTTP and WebSocket share. */
  readonly listener: Listener;
  /** Errors carry their stacks; otherwise stacks never leave the process. */
  readonly development: boolean;
}

import type { Broadcast, DirectMessage } from "../../events/index.ts";
import type { AuthorDebug } from "./author-debug.ts";
import type { AuthorLog } from "./author-log.ts";
import type { HostedEntryPoint } from "./hosted-entry-point.ts";

export interface AuthorTools {
  readonly log: AuthorLog;
  readonly debug: AuthorDebug;
}

/** The methods of a protocol that somebody else wrote, called as its generation expects. Only `init` lets a failure through. */
export interface Author {
  init(entryPoint: HostedEntryPoint, tools: AuthorTools): Promise<void>;
  broadcast(message: Broadcast): void;
  notify(message: DirectMessage): void;
  joinChannel(channel: string, connectionId: string): void;
  leaveChannel(channel: string, connectionId: string): void;
  disconnect(connectionId: string): void;
  /** Optional for authors: closes what `init` has opened. */
  shutdown(): Promise<void>;
}

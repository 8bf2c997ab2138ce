import { kerror } from "../../../../kernel/index.ts";
import type { SearchCommand } from "../wire/search-messages.ts";
import { encodePage } from "../wire/search-page.ts";
import { runScroll, type SearchScope } from "./search-task.ts";
import { continueWalk } from "./walk-task.ts";

/** The next page of a scroll, or batch of a walk. Error: `services.storage.unknown_scroll_id` when there is none, or its collection has gone. */
export function* continueCursor(
  scope: Pick<SearchScope, "reader" | "cursors" | "now">,
  command: Extract<SearchCommand, { kind: "scroll" | "walkNext" }>,
): Generator<void, unknown> {
  const { reader, cursors, now } = scope;
  const isScroll = command.kind === "scroll";
  const id = isScroll ? command.scrollId : command.walkId;
  const collections = cursors.find(id, isScroll ? "scroll" : "walk", now)?.collections ?? [];
  try {
    return isScroll ? encodePage(yield* runScroll(scope, id, command.ttlMs)) : yield* continueWalk(scope, id);
  } catch (error) {
    // Tables go with the commit of a deletion, a moment before this thread hears of it.
    if (collections.every((one) => reader.collection(one.id) !== undefined)) throw error;
    throw kerror("services.storage.unknown_scroll_id", id);
  }
}

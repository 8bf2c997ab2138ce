import type { FieldList, Filter, FilterNode } from "../filters/index.ts";
import { kerror } from "../kernel/index.ts";
import type { Receiver } from "./receiver.ts";

/** A field that a filter asks for and that may not be read: who matches would tell its values. Undefined when there is none. */
export function unreadableField(node: FilterNode, readable: FieldList | undefined): string | undefined {
  if (readable === undefined) return undefined;
  if (node.kind === "and" || node.kind === "or") {
    for (const child of node.children) {
      const found = unreadableField(child, readable);
      if (found !== undefined) return found;
    }
  }
  if (node.kind !== "literal") return undefined;
  const { path } = node.condition;
  return path === "_id" || readable.covers(path) ? undefined : path;
}

/** Error: `security.rights.forbidden` (403) for a filter on a field that the receiver may not read. */
export function assertReadable(action: string, { root }: Filter, receiver: Receiver | undefined): void {
  const field = unreadableField(root, receiver?.rule?.readable);
  if (field === undefined) return;
  const hint = `the filter asks for "${field}", which the policies of this user do not let it read`;
  throw kerror("security.rights.forbidden", "realtime", `${action} (${hint})`, receiver?.kuid);
}

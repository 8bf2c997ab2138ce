/** By controller: actions that reach documents as a whole, past any rule about single ones; `*` is all of them. */
const unholdable: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["admin", new Set(["*"])],
  ["debug", new Set(["*"])],
  [
    "collection",
    new Set([
      "create",
      "delete",
      "deleteSpecifications",
      "truncate",
      "update",
      "updateMapping",
      "updateSpecifications",
    ]),
  ],
  ["index", new Set(["delete", "mDelete", "stats"])],
]);

/** Whether an action is refused to those whose policies say which documents or fields they may see or change. */
export function isUnholdable(controller: string, action: string): boolean {
  const actions = unholdable.get(controller);
  return actions !== undefined && (actions.has("*") || actions.has(action));
}

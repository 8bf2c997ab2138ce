import type { ActionTable } from "../api/index.ts";

/** What roles may name, read from the action table. */
export function knownActionsOf(actions: ActionTable) {
  return {
    find: (name: string) => {
      const found = actions.controllers().find((controller) => controller.name === name);
      return found === undefined ? undefined : { native: found.plugin === undefined, actions: new Set(found.actions) };
    },
    names: () => actions.controllers().map(({ name }) => name),
    synonyms: (name: string) => actions.synonymsOf(name),
  };
}

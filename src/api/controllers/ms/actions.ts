import type { MsAction } from "./action.ts";
import { collectionActions } from "./collection-actions.ts";
import { keyActions } from "./key-actions.ts";

/** The actions of the `ms` controller (and of `memoryStorage`, its other name). A test compares them with contract/api/ms.yaml. */
export const msActions: readonly MsAction[] = [...keyActions, ...collectionActions];

/** The same by name. */
export const msActionsByName: ReadonlyMap<string, MsAction> = new Map(msActions.map((row) => [row.action, row]));

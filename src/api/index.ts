/** The pipeline, the action table, the controllers, and the entry point that protocols call. */
export type { ActionRoute, EntryPoint, ServerState } from "./entry-point.ts";

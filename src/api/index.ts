/** The pipeline, the action table, the controllers, and the entry point that protocols call. */
export { type ActionEntry, ActionTable } from "./action-table.ts";
export { Connections } from "./connections.ts";
export type { ActionRoute, EntryPoint, ServerState } from "./entry-point.ts";
export type { AccessControl, PipelineOptions } from "./execution.ts";
export { type InternalOptions, Pipeline } from "./pipeline.ts";
export { type QueueLimits, RequestQueue } from "./request-queue.ts";
export { type EntryPointDeps, ServerEntryPoint } from "./server-entry-point.ts";
export { Statistics, type StatisticsFrame, type StatisticsOptions } from "./statistics.ts";

/** The pipeline, the action table, the controllers, and the entry point that protocols call. */
export {
  type ActionEntry,
  ActionTable,
  type DescribedController,
  type FormerActionEntry,
} from "./action-table.ts";
export { Connections } from "./connections.ts";
export { createAdminController } from "./controllers/admin/controller.ts";
export type { AdminControllerDeps, DumpOptions, LoadPreparation, WrittenBackup } from "./controllers/admin/deps.ts";
export { loadFixtures } from "./controllers/admin/load-fixtures.ts";
export { loadMappings } from "./controllers/admin/load-mappings.ts";
export { createAuthController } from "./controllers/auth/controller.ts";
export { type BulkControllerDeps, createBulkController } from "./controllers/bulk/controller.ts";
export { type ClusterControllerDeps, createClusterController } from "./controllers/cluster/controller.ts";
export { type CollectionControllerDeps, createCollectionController } from "./controllers/collection/controller.ts";
export { createSpecificationActions } from "./controllers/collection/specifications.ts";
export { createDebugController, type DebugControllerDeps } from "./controllers/debug/controller.ts";
export { Debugger } from "./controllers/debug/debugger.ts";
export { createDocumentController } from "./controllers/document/controller.ts";
export type { DocumentControllerDeps, RuleOf } from "./controllers/document/deps.ts";
export { createIndexController, type IndexControllerDeps } from "./controllers/index/controller.ts";
export { createLookups } from "./controllers/lookups.ts";
export { createMsController } from "./controllers/ms/controller.ts";
export { createRealtimeController, type RealtimeControllerDeps } from "./controllers/realtime/controller.ts";
export { createSecurityController } from "./controllers/security/controller.ts";
export {
  createServerController,
  type ServerControllerDeps,
  type ServiceProbe,
} from "./controllers/server/controller.ts";
export { createTenonController, tenonControllerName } from "./controllers/tenon/controller.ts";
export { type ActionRoute, type EntryPoint, type ServerState, stateNumbers } from "./entry-point.ts";
export type { AccessControl, PipelineOptions } from "./execution.ts";
export { isTooDeep, maxDepth } from "./nesting.ts";
export { type InternalOptions, Pipeline } from "./pipeline.ts";
export { renderReference } from "./reference.ts";
export { RequestFigures } from "./request-figures.ts";
export { type QueueLimits, RequestQueue } from "./request-queue.ts";
export { type EntryPointDeps, ServerEntryPoint } from "./server-entry-point.ts";
export { Statistics, type StatisticsFrame, type StatisticsOptions } from "./statistics.ts";

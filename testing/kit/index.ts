/** What tests of plugins build on, published as `tenon/testing`: a whole server in memory, in the process of the test. */
export { type CaptureArguments, type CapturedEvent, type CapturedEvents, EventTimeout } from "./captured-events.ts";
export type { CapturedLine, CapturedLog } from "./captured-log.ts";
export { type ActingAs, createTestBackend, type TestBackend, type TestBackendOptions } from "./test-backend.ts";
export type { TestPlugin } from "./test-plugins.ts";

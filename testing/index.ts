/** What tests of this project build on; what those of plugins build on is in `kit/`. */

export { connectHttp, connectWebSocket } from "./server/sdk.ts";
export { type ApplicationOptions, type SpawnedApplication, spawnApplication } from "./server/spawn-application.ts";
export { type SpawnedServer, spawnServer } from "./server/spawn-server.ts";
export { startServer, type TestServer, type TestServerOptions } from "./server/start-server.ts";

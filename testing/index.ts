/** What tests of this project and of plugins build on. */

export { connectHttp, connectWebSocket } from "./server/sdk.ts";
export { type ApplicationOptions, type SpawnedApplication, spawnApplication } from "./server/spawn-application.ts";
export { type SpawnedServer, spawnServer } from "./server/spawn-server.ts";
export { startServer, type TestServer, type TestServerOptions } from "./server/start-server.ts";

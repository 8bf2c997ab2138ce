import { Configuration } from "../../config/index.ts";
import { provideExports } from "../../plugins/index.ts";
import { Backend } from "../backend.ts";
import { ApplicationLog } from "./application-log.ts";
import { ApplicationManager } from "./application-manager.ts";
import { BackendCluster } from "./cluster.ts";
import { Controller } from "./controller.ts";
import { BackendController } from "./controllers.ts";
import { BackendErrors } from "./errors.ts";
import { BackendHook } from "./hook.ts";
import { BackendImport } from "./import.ts";
import { BackendOpenApi } from "./open-api.ts";
import { BackendPipe } from "./pipe.ts";
import { BackendPlugin } from "./plugin.ts";
import { BackendStorage } from "./storage/storage.ts";
import { BackendSubscription } from "./subscription.ts";
import { BackendVault } from "./vault.ts";

/** What `require("kuzzle")` answers of the framework, for plugins and applications (contract/plugins/framework.md section 9). */
export function provideFramework(): void {
  provideExports({
    ApplicationManager,
    Backend,
    BackendCluster,
    BackendConfig: Configuration,
    BackendController,
    BackendErrors,
    BackendHook,
    BackendImport,
    BackendOpenApi,
    BackendPipe,
    BackendPlugin,
    BackendStorage,
    BackendSubscription,
    BackendVault,
    Controller,
    InternalLogger: ApplicationLog,
  });
}

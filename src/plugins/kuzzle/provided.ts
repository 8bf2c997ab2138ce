/** What `require("kuzzle")` answers beyond this room: classes of the application framework, which is built on top of the plugins. */
export interface ProvidedExports {
  readonly Backend?: unknown;
  readonly BackendCluster?: unknown;
  readonly BackendConfig?: unknown;
  readonly BackendController?: unknown;
  readonly BackendErrors?: unknown;
  readonly BackendHook?: unknown;
  readonly BackendImport?: unknown;
  readonly BackendOpenApi?: unknown;
  readonly BackendPipe?: unknown;
  readonly BackendPlugin?: unknown;
  readonly BackendStorage?: unknown;
  readonly BackendSubscription?: unknown;
  readonly BackendVault?: unknown;
  readonly ApplicationManager?: unknown;
  readonly Controller?: unknown;
  readonly InternalLogger?: unknown;
}

export let Backend: unknown;
export let BackendCluster: unknown;
export let BackendConfig: unknown;
export let BackendController: unknown;
export let BackendErrors: unknown;
export let BackendHook: unknown;
export let BackendImport: unknown;
export let BackendOpenApi: unknown;
export let BackendPipe: unknown;
export let BackendPlugin: unknown;
export let BackendStorage: unknown;
export let BackendSubscription: unknown;
export let BackendVault: unknown;
export let ApplicationManager: unknown;
export let Controller: unknown;
export let InternalLogger: unknown;

/**
 * Fills in what the rooms above bring to `require("kuzzle")`. Bindings of a module are live, so what is given later is seen by plugins that were
 * loaded earlier; give it before the first plugin or application is loaded all the same, since classes are extended at load.
 */
export function provideExports(exports: ProvidedExports): void {
  Backend = exports.Backend ?? Backend;
  BackendCluster = exports.BackendCluster ?? BackendCluster;
  BackendConfig = exports.BackendConfig ?? BackendConfig;
  BackendController = exports.BackendController ?? BackendController;
  BackendErrors = exports.BackendErrors ?? BackendErrors;
  BackendHook = exports.BackendHook ?? BackendHook;
  BackendImport = exports.BackendImport ?? BackendImport;
  BackendOpenApi = exports.BackendOpenApi ?? BackendOpenApi;
  BackendPipe = exports.BackendPipe ?? BackendPipe;
  BackendPlugin = exports.BackendPlugin ?? BackendPlugin;
  BackendStorage = exports.BackendStorage ?? BackendStorage;
  BackendSubscription = exports.BackendSubscription ?? BackendSubscription;
  BackendVault = exports.BackendVault ?? BackendVault;
  ApplicationManager = exports.ApplicationManager ?? ApplicationManager;
  Controller = exports.Controller ?? Controller;
  InternalLogger = exports.InternalLogger ?? InternalLogger;
}

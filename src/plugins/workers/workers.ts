import type { JSONObject } from "../../kernel/index.ts";
import type { NativePlugin } from "../authoring/define-plugin.ts";
import { nativePluginOf } from "../authoring/native-plugin.ts";
import type { Granted } from "../capabilities/capabilities.ts";
import type { PluginDefinition } from "../definition.ts";
import { checkedConfig } from "../dialects/defined.ts";
import { commonFacts, type PluginScope, type PluginSource } from "../dialects/dialect.ts";
import { isLenient } from "../dialects/v1/variants.ts";
import { checkPrivilege } from "../dialects/v2/dialect.ts";
import { variantOfInit } from "../discovery/instance-signs.ts";
import type { PackageFacts } from "../discovery/package-facts.ts";
import { ownModule } from "../realm/own-module.ts";
import { hooksInWorker } from "./hooks-in-worker.ts";
import type { WorkerStart } from "./messages.ts";
import { OwnLines } from "./own-lines.ts";
import { findDeathBinder } from "./parent-death.ts";
import { PayloadText } from "./payload-text.ts";
import { permissionArguments } from "./permissions.ts";
import type { WorkerPlan } from "./worker-options.ts";
import { WorkerPool } from "./worker-pool.ts";
import type { ProcessSurroundings } from "./worker-process.ts";

const main = new URL(ownModule("./child/main", import.meta.url));

/** The plugins of one server that run in processes of their own: hooks only, of the first two generations and of the typed form. */
export class Workers {
  readonly #own = new OwnLines();
  readonly #texts = new PayloadText();
  #starter: { readonly command: readonly string[] | undefined } | undefined;

  /** Error: `plugin.assert.privileged_*`. */
  define(source: PluginSource, scope: PluginScope, { facts, options }: WorkerPlan): PluginDefinition {
    const { name, generation, instance } = source;
    if (generation === "v1") checkPrivilege(source);
    const variant = source.variant ?? (generation === "v0" ? variantOfInit(instance as JSONObject) : undefined);
    const native = nativePluginOf(instance);
    this.#starter ??= { command: findDeathBinder() };
    const pool = new WorkerPool({
      plugin: name,
      options,
      surroundings: {
        main,
        starter: this.#starter.command,
        ...surroundingsOf(options.maxMemoryBytes, native !== undefined, source.capabilities, facts, scope),
      },
      startTimeoutMs: scope.limits.initTimeoutMs,
      log: scope.deps.log,
      pluginLog: scope.log,
      own: this.#own,
    });
    let declared: readonly string[] = [];
    return {
      ...commonFacts(source, scope),
      variant,
      version: native?.version ?? source.version,
      isOptional: generation === "v1" && isLenient(variant),
      init: async () => {
        declared = await pool.start(await startOf(source, scope, facts, variant, native));
      },
      contributions: () => ({
        hooks: hooksInWorker(declared, { generation, scope, variant, pool, own: this.#own, texts: this.#texts }),
        pipes: [],
        controllers: [],
        strategies: [],
        imports: undefined,
      }),
      close: () => pool.close(),
      workerFigures: () => pool.figures(),
    };
  }
}

async function startOf(
  source: PluginSource,
  { deps, hostConfig }: PluginScope,
  { path, realPath, packageJson }: PackageFacts,
  variant: string | undefined,
  native: NativePlugin | undefined,
): Promise<WorkerStart> {
  const { name, config } = source;
  const facts = { name, variant, realPath, packageJson, lookups: [path, deps.root] };
  if (native === undefined) {
    return { ...facts, generation: source.generation === "v0" ? "v0" : "v1", config, hostConfig };
  }
  return { ...facts, generation: "tenon", config: await checkedConfig(source, native), hostConfig: {} };
}

/** What the heap of a process may hold beside what its plugin may, in MiB: more than that ends it before it is measured. */
const spareHeapMiB = 32;

/** A process gets no more than was asked for: without capabilities, its code. */
const nothing = { network: false, files: { read: [], write: [] } };

/** Plugins of the typed form are held to what they declare; older ones expect a process that may do everything. */
function surroundingsOf(
  maxMemoryBytes: number,
  isDefined: boolean,
  capabilities: Granted | undefined,
  facts: PackageFacts,
  { deps }: PluginScope,
): Pick<ProcessSurroundings, "nodeArguments" | "environment"> {
  const heap = `--max-old-space-size=${Math.ceil(maxMemoryBytes / 1_048_576) + spareHeapMiB}`;
  if (!isDefined) {
    // Node of their time only warned of rejections that nobody handles.
    return { nodeArguments: [heap, "--unhandled-rejections=warn"], environment: undefined };
  }
  return {
    nodeArguments: [heap, ...permissionArguments(capabilities ?? nothing, facts, deps.root)],
    environment: { NODE_ENV: deps.environment },
  };
}

import type { Pipeline } from "../../api/index.ts";
import { type JSONObject, KuzzleRequest } from "../../kernel/index.ts";
import type { PluginImports } from "../../plugins/index.ts";
import type { Application } from "../application.ts";
import type { DataTasks } from "../data-tasks.ts";
import { applyImports, type ImportParts } from "./apply-imports.ts";
import { readSupport } from "./support.ts";

export interface StartDataParts extends Omit<ImportParts, "imports" | "support" | "preparation"> {
  readonly application: Application;
  readonly dataTasks: DataTasks;
  readonly pipeline: Pipeline;
}

/** The data that the application and its plugins bring. */
export interface StartData {
  /** All data that a start writes before the server listens. What fails is told to plugins first, and then ends the start. */
  prepare(imports: readonly PluginImports[]): Promise<void>;
  /** What plugins bring that were loaded again. */
  load(imports: readonly PluginImports[]): Promise<void>;
}

export function createStartData({ application, dataTasks, ...parts }: StartDataParts): StartData {
  const { pipeline, records } = parts;
  const run = async (action: string, args: JSONObject): Promise<unknown> =>
    (await pipeline.runInternal(new KuzzleRequest({ controller: "security", action, ...args }))).result;
  const load = async (imports: readonly PluginImports[]): Promise<void> => {
    const support = readSupport(application.support, application.imports);
    await applyImports({ ...parts, imports, support, preparation: dataTasks });
  };
  return {
    load,
    prepare: async (imports) => {
      try {
        await dataTasks.firstBoot({ records, run });
        await load(imports);
      } catch (error) {
        await dataTasks.failed(error);
        throw error;
      }
    },
  };
}

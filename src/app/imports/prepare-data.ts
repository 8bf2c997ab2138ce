import type { Pipeline } from "../../api/index.ts";
import { type JSONObject, KuzzleRequest } from "../../kernel/index.ts";
import type { Application } from "../application.ts";
import type { DataTasks } from "../data-tasks.ts";
import { applyImports, type ImportParts } from "./apply-imports.ts";
import { readSupport } from "./support.ts";

export interface PreparationParts extends Omit<ImportParts, "support" | "preparation"> {
  readonly application: Application;
  readonly dataTasks: DataTasks;
  readonly pipeline: Pipeline;
}

/** All data that a start writes before the server listens. What fails is told to plugins first, and then ends the start. */
export async function prepareData({ application, dataTasks, ...parts }: PreparationParts): Promise<void> {
  const { pipeline, records } = parts;
  const run = async (action: string, args: JSONObject): Promise<unknown> =>
    (await pipeline.runInternal(new KuzzleRequest({ controller: "security", action, ...args }))).result;
  try {
    await dataTasks.firstBoot({ records, run });
    const support = readSupport(application.support, application.imports);
    await applyImports({ ...parts, support, preparation: dataTasks });
  } catch (error) {
    await dataTasks.failed(error);
    throw error;
  }
}

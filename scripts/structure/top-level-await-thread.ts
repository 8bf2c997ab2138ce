/** Answers, for each source that it is given, whether it has a top-level await. */
import { stripTypeScriptTypes } from "node:module";
import vm from "node:vm";
import { parentPort, workerData } from "node:worker_threads";

interface ParsedModule {
  hasTopLevelAwait(): boolean;
}
// Absent from the types: the class exists under --experimental-vm-modules only.
const { SourceTextModule } = vm as unknown as { SourceTextModule: new (source: string) => ParsedModule };

const sources: readonly string[] = workerData;
parentPort?.postMessage(sources.map((source) => new SourceTextModule(stripTypeScriptTypes(source)).hasTopLevelAwait()));

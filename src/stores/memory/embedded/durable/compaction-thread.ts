import { workerData } from "node:worker_threads";
import { type CompactionOrder, compact } from "./compaction.ts";

compact(workerData as CompactionOrder); // given by compactInThread, and by nobody else

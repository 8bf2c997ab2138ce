import { workerData } from "node:worker_threads";
import { giveWay } from "../../../../kernel/index.ts";
import { type CompactionOrder, compact } from "./compaction.ts";

giveWay();
compact(workerData as CompactionOrder); // given by compactInThread, and by nobody else

import { parentPort, workerData } from "node:worker_threads";
import { giveWay } from "../../../../kernel/index.ts";
import type { HashCost } from "./argon2.ts";
import { type HashJob, runHashJob } from "./job.ts";

giveWay();

/** One job after another, for the thread of its own that `HashPool` starts. */
parentPort?.on("message", (job: HashJob) => {
  try {
    parentPort?.postMessage({ answer: runHashJob(job, workerData as HashCost) }); // what the pool gives
  } catch (error) {
    parentPort?.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
});

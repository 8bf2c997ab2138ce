import { parentPort, workerData } from "node:worker_threads";
import { type CopyOrder, copyData } from "./copy-data.ts";

// Given by `backUp`, and by nobody else.
parentPort?.postMessage(copyData(workerData as CopyOrder));

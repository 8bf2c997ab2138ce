import { parentPort, workerData } from "node:worker_threads";
import { giveWay } from "../kernel/index.ts";
import { type CopyOrder, copyData } from "./copy-data.ts";

giveWay();
// Given by `backUp`, and by nobody else.
parentPort?.postMessage(copyData(workerData as CopyOrder));

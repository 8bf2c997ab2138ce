/** What a process of a worker plugin runs. Started by the server, with a channel to it. */
import { enveloped, readOrder, type WorkerOrder, type WorkerReport } from "../messages.ts";
import { describeFailure } from "./describe-failure.ts";
import { EventRunner } from "./event-runner.ts";
import { type LoadedPlugin, loadPlugin } from "./load-plugin.ts";

const reportEveryMs = 5_000;

const { send } = process;
if (send === undefined) throw new Error("This file is started by a server.");
const report = (message: WorkerReport): void => {
  if (process.connected) send.call(process, enveloped(message), () => {});
};
// The channel is the server's: what the code of a plugin sent over it could not be told from it.
delete process.send;

let plugin: LoadedPlugin | undefined;
let runner: EventRunner | undefined;

process.on("SIGINT", () => {}); // a terminal sends it to the whole group: the server decides when its processes end
process.on("disconnect", () => process.exit()); // the server is gone
process.on("message", (message) => {
  const order = readOrder(message);
  if (order !== undefined) follow(order);
});

function follow(order: WorkerOrder): void {
  switch (order.kind) {
    case "start":
      start(order.plugin).catch((error: unknown) => {
        report({ kind: "failed", failure: describeFailure(error) });
        process.exitCode = 1;
        leave();
      });
      break;
    case "events":
      runner?.run(order.events);
      break;
    case "stop":
      stop().catch((error: unknown) => {
        console.error(error);
        leave();
      });
      break;
  }
}

async function start(order: Extract<WorkerOrder, { kind: "start" }>["plugin"]): Promise<void> {
  report({ kind: "loading", memoryBytes: process.memoryUsage.rss() });
  plugin = await loadPlugin(order);
  runner = new EventRunner(plugin, report);
  report({ kind: "ready", hooks: [...plugin.hooks.keys()], ignored: plugin.ignored });
  // Elsewhere the server reads it from the system.
  if (process.platform !== "linux") {
    setInterval(() => report({ kind: "memory", memoryBytes: process.memoryUsage.rss() }), reportEveryMs).unref();
  }
}

async function stop(): Promise<void> {
  await plugin?.close?.();
  leave();
}

/** Ends with what the plugin still writes, unless timers of its own keep it: then a little later. */
function leave(): void {
  process.channel?.unref();
  setTimeout(() => process.exit(), 200).unref();
}

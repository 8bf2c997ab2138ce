/** The process of the server that `tenon dev` runs: as `tenon start`, and plugins are loaded again when the command says so. */
import type { Backend } from "../../app/index.ts";
import type { PluginHost } from "../../plugins/index.ts";
import { serve } from "../start.ts";
import type { FromServer, ToServer } from "./messages.ts";
import { ReloadQueue } from "./reload-queue.ts";

const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
const tell = (message: FromServer): void => {
  if (process.connected) process.send?.(message);
};

let reloads: ReloadQueue | undefined;
const onHost = (host: PluginHost): void => {
  reloads = new ReloadQueue(host, (reason) => tell({ kind: "restart", reason }));
};
const onStarted = (backend: Backend): void => {
  const { server, tenon } = backend.config.content;
  const chosenPort = server.port === 0 ? backend.address.port : undefined;
  tell({ kind: "ready", chosenPort, dataFolder: tenon.data });
};

process.on("message", (message: ToServer) => {
  if (message.kind === "stop") stop();
  else reloads?.add(message.path, message.changed);
});
// The terminal tells both processes; that the command tells once more is nothing new.
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
// The command is gone without a word: nobody would ever stop this server.
process.on("disconnect", () => {
  stop();
  setTimeout(() => process.exit(1), 10_000).unref();
});

process.exit(await serve(process.argv.slice(2), { stopped, onStarted, options: { readable: true, onHost } }));

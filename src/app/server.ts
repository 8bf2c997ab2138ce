import {
  ActionTable,
  Connections,
  Debugger,
  Pipeline,
  RequestFigures,
  RequestQueue,
  renderReference,
  ServerEntryPoint,
  Statistics,
  stateNumbers,
} from "../api/index.ts";
import { Events } from "../events/index.ts";
import { findRecorder } from "../kernel/index.ts";
import { callPlugin, isInChain, runningPlugin } from "../plugins/index.ts";
import { createListener, type ListenerAddress } from "../protocols/index.ts";
import type { Delivery } from "../realtime/index.ts";
import { createLocalBus } from "../stores/bus/index.ts";
import { createAccessLog } from "./access-log.ts";
import { Backups } from "./backups.ts";
import { registerControllers } from "./controllers.ts";
import { openData } from "./data.ts";
import { DataTasks } from "./data-tasks.ts";
import { drain } from "./drain.ts";
import { dumpOnCrash } from "./dumps/crash-dumps.ts";
import { Dumps } from "./dumps/dumps.ts";
import { openGuardedRealtime } from "./guarded-realtime.ts";
import { openHostedProtocols } from "./hosted-protocols.ts";
import { ImportRecords } from "./imports/import-records.ts";
import { createStartData } from "./imports/start-data.ts";
import { runInstallations } from "./installations.ts";
import { withScraper } from "./metrics/scraper-access.ts";
import { originTest } from "./options.ts";
import { openProtocols } from "./own-protocols.ts";
import { createPluginHost } from "./plugins.ts";
import type { Server, ServerParts } from "./server-parts.ts";
import { Stopwatch } from "./stopwatch.ts";
import { tellingErrors } from "./storage-errors.ts";
import { findTracing } from "./tracing.ts";
import { startWatchdog } from "./watchdog/watchdog.ts";

/**
 * Opens all rooms of one server in floor order and starts listening.
 * A failed start closes what it had opened.
 */
export async function openServer(parts: ServerParts): Promise<Server> {
  await using stack = new AsyncDisposableStack();
  const stopwatch = new Stopwatch();
  const { log, clock, root, environment, nodeId } = parts;
  const { config } = parts.loaded;
  const { common } = config.plugins;

  // floor 1 and 2: events, stores
  const recorder = findRecorder();
  for (const { key } of parts.loaded.recorded) recorder?.config(key);
  const events: Events = new Events({
    ...(recorder === undefined ? {} : { onFired: (event) => recorder.event(event) }),
    log,
    isNested: isInChain,
    limits: { maxConcurrent: common.maxConcurrentPipes, bufferSize: common.pipesBufferSize },
  });
  parts.onEvents(events);
  await events.pipe("kuzzle:state:start");
  const bus = stack.use(createLocalBus(log));
  const { documents, memory, builds } = stack.use(await parts.stores);
  const store = tellingErrors(documents, events);
  stopwatch.ended("stores");

  // floor 3: data, realtime, security
  const actions = new ActionTable();
  const data = await openData({ store, events, bus, log, clock, config });
  builds.listen((build) => data.operations.follow(build));
  data.operations.listen((report) => events.hook("operation:progress", report));
  const { path } = config.tenon.backup;
  const backups = new Backups({ data: parts.dataDirectory, root, path, clock, log });
  stack.defer(() => backups.close());
  const delivery: Delivery = {
    broadcast: (message) => entryPoint.broadcast(message),
    notify: (message) => entryPoint.notify(message),
    joinChannel: (channel, connectionId) => entryPoint.joinChannel(channel, connectionId),
    leaveChannel: (channel, connectionId) => entryPoint.leaveChannel(channel, connectionId),
  };
  const { realtime, security } = await openGuardedRealtime({ parts, store, events, bus, actions, data, delivery });
  stack.defer(() => security.close());

  stopwatch.ended("data and security");

  // floor 4: the pipeline
  const queue = new RequestQueue(config.limits, (fill) => {
    log.warn("request.overload", { fillPercentage: fill });
    events.hook("core:overload", fill);
  });
  const connections = new Connections();
  const requests = new RequestFigures(actions);
  const statistics = new Statistics(config.stats, clock, () => connections.counts());
  stack.defer(() => statistics.close());
  const debugTool = new Debugger((connectionId, event, result) =>
    entryPoint.notify({ connectionId, channels: ["kuzzle-debugger-event"], payload: { event, result } }),
  );
  stack.defer(() => debugTool.disable());
  const pipeline = new Pipeline({
    actions,
    events,
    access: withScraper(security, config.tenon.metrics.token),
    queue,
    recorder,
    originOfCall: () => {
      const plugin = runningPlugin();
      return plugin === undefined ? "server" : `plugin:${plugin}`;
    },
    options: {
      isOriginAccepted: originTest(config),
      strictSdkVersion: config.server.strictSdkVersion,
      isUrgent: (connectionId) => debugTool.isListening(connectionId),
    },
  });
  const dumps = new Dumps({
    root,
    config,
    log,
    clock,
    plugins: () => host.list(),
    statistics: () => (config.stats.enabled ? statistics.between() : undefined),
  });
  if (config.dump.enabled) stack.defer(dumpOnCrash(dumps, log));
  const accessLog = createAccessLog({ config, root, nodeId, log });
  const entryPoint = new ServerEntryPoint({
    nodeId,
    log,
    events,
    actions,
    pipeline,
    queue,
    connections,
    statistics,
    requests,
    recorder,
    onFailure: (error) => dumps.onAnswered(error),
    ...(accessLog === undefined ? {} : { accessLog }),
    onConnectionRemoved: ({ id }) => {
      realtime.removeConnection(id);
      security.removeConnection(id);
      debugTool.removeConnection(id);
    },
  });

  const internalIndex = config.services.storageEngine.internalIndex.name;
  const records = new ImportRecords(store, internalIndex);
  const { catalog, collections } = data;
  const dataTasks = new DataTasks({ events, collections, hasIndex: (index) => catalog.hasIndex(index) });
  const now = (): number => clock.now();
  const { application } = parts;
  const startData = createStartData({ application, dataTasks, records, pipeline, security, data, now, log });

  // floor 6: plugins, whose controllers stand beside the server's own
  const host = createPluginHost({
    root,
    config,
    log,
    environment,
    nodeId,
    events,
    bus,
    store,
    actions,
    pipeline,
    queue,
    security,
    realtime,
    specifications: data.specifications,
    collections: data.collections,
    sections: parts.sections,
    applyImports: (imports) => startData.load(imports),
    secrets: parts.secrets,
    plugins: parts.plugins,
    packages: parts.packages,
    application,
    backend: parts.backend,
    protocolOf: (connectionId) => connections.find(connectionId)?.protocol ?? "internal",
    entryPoint,
    state: () => stateNumbers[entryPoint.state],
  });
  stack.defer(() => host.close());
  registerControllers({
    nodeId,
    actions,
    pipeline,
    log,
    records,
    dataTasks,
    dumps,
    backups,
    debugTool,
    shutdown: parts.onShutdown,
    isStopping: () => entryPoint.state === "shutting-down",
    config,
    clock,
    data,
    events,
    security,
    realtime,
    memory,
    store,
    statistics,
    queue,
    requests,
    connections,
    host,
    application,
  });
  const load = async (): Promise<void> => {
    await startData.prepare(host.imports);
    const call = host.callAs(application.name);
    const run = async (handler: () => unknown): Promise<unknown> => callPlugin(call, handler);
    const { installations } = application;
    await runInstallations({ installations, run, store, index: internalIndex, now, log });
  };
  entryPoint.registerProtocol(host.internalProtocol);
  entryPoint.newConnection(host.internalProtocol.connection);
  await host.load();
  const { marks } = events;
  const { watchdog: options } = config.tenon;
  stack.use(startWatchdog({ marks, log, options, output: parts.output, folders: host.folders }));
  await data.specifications.start();
  stack.defer(() => data.specifications.stop());
  await host.start();
  events.traces.active = await findTracing(config.version);
  security.warnOfUnknownRights();
  parts.onHost(host);
  await load();
  await events.pipe("kuzzle:start");
  await events.pipe("kuzzle:state:live");

  stopwatch.ended("plugins");

  // floor 5: the doors open last
  const listener = createListener({ host: config.server.host, port: config.server.port, log });
  const protocolDeps = { entryPoint, events, log, listener, development: environment === "development" };
  openProtocols(config, listener, protocolDeps);
  const ownProtocols = [...entryPoint.protocols.values()];
  const hosted = await openHostedProtocols({ root, config, host, debug: parts.debug }, protocolDeps);
  stack.defer(async () => {
    for (const protocol of entryPoint.protocols.values()) await protocol.stop();
  });
  const open = async (): Promise<ListenerAddress> => {
    for (const protocol of ownProtocols) await protocol.start();
    await Promise.all(hosted.map((protocol) => protocol.start()));
    return listener.start();
  };
  let opening: Promise<ListenerAddress> | undefined;
  const listen = (): Promise<ListenerAddress> => {
    opening ??= open();
    return opening;
  };
  if (parts.listens) await listen();
  entryPoint.enter("running");
  stopwatch.ended("protocols");

  let opened: AsyncDisposableStack | undefined;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    entryPoint.enter("shutting-down");
    await events.pipe("kuzzle:shutdown");
    events.hook("core:shutdown");
    await drain(queue, log);
    realtime.close();
    await opened?.disposeAsync();
  };
  const server: Server = {
    phases: stopwatch.phases,
    nodeId,
    get address() {
      return listener.address;
    },
    listen,
    events,
    host,
    security,
    realtime,
    entryPoint,
    bus,
    store,
    data,
    reference: (which) =>
      renderReference(actions.described().filter(({ plugin }) => which === "all" || plugin === undefined)),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
  parts.onReady(server);
  await events.pipe("kuzzle:state:ready");
  events.hook("core:kuzzleStart", "The server is ready");
  opened = stack.move();
  return server;
}

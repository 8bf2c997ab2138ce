import type { CallFigures, ListenerOwner } from "../../events/index.ts";
import type { FiguresOfPlugin, PluginHealth, PluginHost } from "../../plugins/index.ts";
import { type Family, histogramOf, type Labels, type Sample } from "./family.ts";

/** All plugins at one moment, so that one scrape asks each of them once. */
export interface PluginFigures {
  readonly figures: Readonly<Record<string, FiguresOfPlugin>>;
  readonly health: Readonly<Record<string, PluginHealth>>;
  readonly ownerOf: (plugin: string) => ListenerOwner;
}

export async function readPlugins(host: PluginHost, ownerOf: PluginFigures["ownerOf"]): Promise<PluginFigures> {
  return { figures: host.figures(), health: await host.health(), ownerOf };
}

const kinds = ["pipes", "hooks", "actions"] as const;
const healthValues = { green: 1, yellow: 0.5, red: 0 } as const;
type Workers = NonNullable<FiguresOfPlugin["workers"]>;

/** What each plugin was called for, how it is, and its processes. `now` answers what was read for this scrape. */
export function pluginFamilies(now: () => PluginFigures): Family[] {
  const names = (): string[] => Object.keys(now().figures);
  const byKind = (read: (figures: CallFigures) => number) => (): Sample[] =>
    eachKind(names(), now(), (labels, figures) => [{ labels, value: read(figures) }]);
  const byPlugin = (read: (plugin: string) => number) => (): Sample[] =>
    names().map((plugin) => ({ labels: { plugin }, value: read(plugin) }));
  const byWorkers = (read: (workers: Workers) => number) => (): Sample[] =>
    workersOf(now()).map(([plugin, workers]) => ({ labels: { plugin }, value: read(workers) }));
  const byProcess = (read: (process: Workers["processes"][number]) => number) => (): Sample[] =>
    workersOf(now()).flatMap(([plugin, { processes }]) =>
      processes.map((process) => ({ labels: { plugin, pid: process.pid }, value: read(process) })),
    );
  const duration = "tenon_plugin_call_duration_seconds";
  const counter = (name: string, help: string, samples: Family["samples"]): Family => ({
    name,
    help,
    type: "counter",
    samples,
  });
  const gauge = (name: string, help: string, samples: Family["samples"]): Family => ({
    name,
    help,
    type: "gauge",
    samples,
  });
  return [
    counter(
      "tenon_plugin_calls_total",
      "Calls of pipes, hooks and actions.",
      byKind(({ calls }) => calls),
    ),
    counter(
      "tenon_plugin_errors_total",
      "Calls that failed by accident.",
      byKind(({ errors }) => errors),
    ),
    counter(
      "tenon_plugin_refusals_total",
      "Calls that refused with an error of the API.",
      byKind(({ refused }) => refused),
    ),
    counter(
      "tenon_plugin_slow_calls_total",
      "Calls that took longer than pipeWarnTime.",
      byKind(({ slow }) => slow),
    ),
    gauge(
      "tenon_plugin_calls_running",
      "Calls that wait for their answer.",
      byKind(({ running }) => running),
    ),
    {
      name: duration,
      help: "Time of calls; of hooks the first thousand, then one of sixteen.",
      type: "histogram",
      samples: () => eachKind(names(), now(), (labels, figures) => histogramOf(duration, labels, figures)),
    },
    counter(
      "tenon_plugin_pipes_skipped_total",
      "Failures of pipes that were passed over.",
      byPlugin((plugin) => now().ownerOf(plugin).skipped),
    ),
    gauge(
      "tenon_plugin_disabled",
      "1 when the plugin is not called any more.",
      byPlugin((plugin) => (now().ownerOf(plugin).disabled === undefined ? 0 : 1)),
    ),
    gauge(
      "tenon_plugin_health",
      "1 green, 0.5 yellow, 0 red.",
      byPlugin((plugin) => healthValues[now().health[plugin]?.status ?? "green"]),
    ),
    gauge(
      "tenon_worker_memory_bytes",
      "Resident memory of a worker process.",
      byProcess(({ memoryBytes }) => memoryBytes),
    ),
    counter(
      "tenon_worker_handled_total",
      "Messages that a worker process has handled.",
      byProcess(({ handled }) => handled),
    ),
    counter(
      "tenon_worker_restarts_total",
      "Worker processes that were started again.",
      byWorkers(({ restarts }) => restarts),
    ),
    gauge(
      "tenon_worker_queued",
      "Messages that wait for a worker process.",
      byWorkers(({ queued }) => queued),
    ),
    counter(
      "tenon_worker_dropped_total",
      "Messages that no worker process could take.",
      byWorkers(({ dropped }) => dropped),
    ),
    counter(
      "tenon_worker_errors_total",
      "Errors of worker processes.",
      byWorkers(({ errors }) => errors),
    ),
  ];
}

function eachKind(
  plugins: readonly string[],
  { ownerOf }: PluginFigures,
  samples: (labels: Labels, figures: CallFigures) => Sample[],
): Sample[] {
  return plugins.flatMap((plugin) => {
    const owner = ownerOf(plugin);
    return kinds.flatMap((kind) =>
      owner[kind].calls + owner[kind].running === 0 ? [] : samples({ plugin, kind }, owner[kind]),
    );
  });
}

const workersOf = ({ figures }: PluginFigures): [string, Workers][] =>
  Object.entries(figures).flatMap(([plugin, { workers }]) => (workers === undefined ? [] : [[plugin, workers]]));

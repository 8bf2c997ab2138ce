import type { Connections, RequestFigures, RequestQueue } from "../../api/index.ts";
import type { Events } from "../../events/index.ts";
import type { Realtime } from "../../realtime/index.ts";
import { type Family, histogramOf, type Sample } from "./family.ts";

export interface ServerFigures {
  readonly version: string;
  readonly requests: RequestFigures;
  readonly queue: RequestQueue;
  readonly connections: Connections;
  readonly realtime: Realtime;
  readonly events: Events;
  /** Operations on many documents that run. */
  readonly operations: () => number;
  /** Public indexes, and the collections in them. */
  readonly stored: () => { readonly indexes: number; readonly collections: number };
}

const one = (value: number): Sample[] => [{ labels: {}, value }];

/** Requests, connections, subscriptions, queues and stores. */
export function serverFamilies(figures: ServerFigures): Family[] {
  const { version, requests, queue, connections, realtime, events, operations, stored } = figures;
  const duration = "tenon_request_duration_seconds";
  return [
    {
      name: "tenon_info",
      help: "Which server this is.",
      type: "gauge",
      samples: () => [{ labels: { version, node: process.version }, value: 1 }],
    },
    {
      name: "tenon_requests_total",
      help: "Answered requests.",
      type: "counter",
      samples: () => Array.from(requests.entries(), ({ count, ...labels }) => ({ labels, value: count })),
    },
    {
      name: duration,
      help: "From the arrival of a request at the pipeline to its answer, time in the queue included.",
      type: "histogram",
      samples: () => histogramOf(duration, {}, requests.durations),
    },
    gauge("tenon_requests_running", "Requests that run.", () => one(queue.running)),
    gauge("tenon_requests_waiting", "Requests that wait for a slot.", () => one(queue.waiting)),
    gauge("tenon_connections", "Clients that are connected.", () =>
      Object.entries(connections.counts()).map(([protocol, value]) => ({ labels: { protocol }, value })),
    ),
    gauge("tenon_rooms", "Rooms with subscribers.", () => one(realtime.metrics().rooms)),
    gauge("tenon_subscribers", "Connections with a subscription.", () => one(realtime.metrics().subscriptions)),
    gauge("tenon_pipe_chains_running", "Chains of pipes that run.", () => one(events.chains.running)),
    gauge("tenon_pipe_chains_waiting", "Chains of pipes that wait for a slot.", () => one(events.chains.waiting)),
    gauge(
      "tenon_operations_running",
      "Operations on many documents that run: imports, updates by query, exports, backups.",
      () => one(operations()),
    ),
    gauge("tenon_indexes", "Public indexes.", () => one(stored().indexes)),
    gauge("tenon_collections", "Public collections.", () => one(stored().collections)),
  ];
}

const gauge = (name: string, help: string, samples: Family["samples"]): Family => ({
  name,
  help,
  type: "gauge",
  samples,
});

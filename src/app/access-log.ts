import { createWriteStream, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Config } from "../config/index.ts";
import type { ClientConnection, JSONObject, KuzzleRequest, Logger } from "../kernel/index.ts";

type AccessLog = (connection: ClientConnection, request: KuzzleRequest) => void;

interface AccessLogParts {
  readonly config: Config;
  readonly root: string;
  readonly nodeId: string;
  readonly log: Logger;
}

/**
 * Writes one line for each answered request (contract/wire.md section 14), to where `server.logs` says. Undefined when every transport is
 * silent, as it is unless configured: then nothing is formatted.
 */
export function createAccessLog({ config, root, nodeId, log }: AccessLogParts): AccessLog | undefined {
  const { transports, accessLogFormat, accessLogIpOffset } = config.server.logs;
  const writers = transports.flatMap((transport) => writerOf(transport as JSONObject, root, log) ?? []);
  if (writers.length === 0) return undefined;
  const format = accessLogFormat === "logstash" ? logstashLine : combinedLine;
  return (connection, request) => {
    const line = `${format(connection, request, accessLogIpOffset, nodeId)}\n`;
    for (const write of writers) write(line);
  };
}

function writerOf(transport: JSONObject, root: string, log: Logger): ((line: string) => void) | undefined {
  if (transport.silent === true) return undefined;
  const kind = transport.transport ?? transport.preset;
  if (kind === "console") return (line) => void process.stdout.write(line);
  if (kind !== "file") {
    log.warn("access_log.unknown_transport", { transport: kind ?? transport.target, hint: "use console or file" });
    return undefined;
  }
  const { destination = "./kuzzle.access.log", append = true, mkdir = true } = (transport.options ?? {}) as JSONObject;
  const path = resolve(root, String(destination));
  if (mkdir === true) mkdirSync(dirname(path), { recursive: true });
  const stream = createWriteStream(path, { flags: append === false ? "w" : "a" });
  stream.on("error", (err) => log.error("access_log.write_failed", { path, err }));
  return (line) => void stream.write(line);
}

/** `127.0.0.1 - ada [21/Nov/2026:14:03:22 +0000] "GET /_now HTTP/1.1" 200 152 "-" "curl/8"` */
function combinedLine(connection: ClientConnection, request: KuzzleRequest, ipOffset: number): string {
  const { ips, headers, protocol } = connection;
  const ip = ips[Math.max(0, ips.length - 1 - ipOffset)] ?? "-";
  const { misc } = request.context.connection;
  // The connection's protocol is HTTP with its version, the request's is not.
  const verb = request.isHttp ? String(misc.verb ?? "GET") : "DO";
  const url = request.isHttp ? String(misc.url ?? "/") : apiPath(request);
  const size = typeof request.result === "string" ? Buffer.byteLength(request.result) : "-";
  const referer = text(headers.referer);
  return `${ip} - ${userName(request)} [${apacheDate(new Date())}] "${verb} ${clean(url)} ${protocol.toUpperCase()}" ${request.status} ${size} "${referer}" "${text(headers["user-agent"])}"`;
}

/** A line break or a quote out of a request must not make up lines of the log. */
const clean = (value: string): string => value.replaceAll(/[\p{Cc}"]/gu, (character) => encodeURIComponent(character));
const text = (value: unknown): string => (typeof value === "string" && value !== "" ? clean(value) : "-");

function userName(request: KuzzleRequest): string {
  const kuid = request.getKuid();
  if (kuid === null) return "(unknown)";
  return kuid === "-1" ? "(anonymous)" : clean(kuid);
}

function apiPath({ input }: KuzzleRequest): string {
  const { index, collection, _id: id, requestId: _, ...others } = input.args;
  const path = ["", input.controller, input.action, index, collection, id].filter(
    (part) => part !== undefined && part !== null,
  );
  const query = Object.entries(others).map(
    ([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(JSON.stringify(value))}`,
  );
  return `${path.join("/")}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => String(value).padStart(2, "0");

function apacheDate(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const day = `${two(date.getDate())}/${months[date.getMonth()]}/${date.getFullYear()}`;
  return `${day}:${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}

function logstashLine(connection: ClientConnection, request: KuzzleRequest, _offset: number, nodeId: string): string {
  const { id, ips, protocol } = connection;
  const { controller, action, args } = request.input;
  const { requestId: _, ...named } = args;
  return JSON.stringify({
    connection: { id, ips, protocol },
    error:
      request.error === null
        ? null
        : { id: request.error.id, message: request.error.message, status: request.error.status },
    extra: null,
    namespace: "kuzzle:accessLogs",
    nodeId,
    request: { id: request.id, controller, action, args: named, kuid: request.getKuid() },
    status: request.status,
  });
}

import { bool, integer, section, size, text } from "./option.ts";
import { protocols } from "./protocols.ts";

const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
const transports = { type: "array", items: { type: "object", additionalProperties: {} } } as const;

const logs = section("Access log.", {
  transports: {
    ...transports,
    default: [{ preset: "console", level: "info", stderrLevels: [], silent: true }],
    description:
      "Where the access log goes: `{preset}` (console, file, elasticsearch, syslog) or `{target}`; `silent` is off.",
  },
  accessLogFormat: {
    type: "string",
    enum: ["combined", "logstash"],
    default: "combined",
    description: "Format of a line.",
  },
  accessLogIpOffset: integer(0, "Which address of a forwarded chain is logged, counted from the right."),
});

export const server = section("The server and its protocols.", {
  port: { ...integer(7512, "Port of HTTP and WebSocket; 0 for any free one."), maximum: 65_535 },
  host: text(
    "::",
    "Address to listen on. `::` is every address, and falls back to `0.0.0.0` where there is no IPv6; `127.0.0.1` is this machine only.",
  ),
  maxRequestSize: size("1MB", "Largest request, over any protocol."),
  strictSdkVersion: bool(true, "Refuse SDKs that are made for another major version."),
  appLogs: section("Log of the server.", {
    level: { type: "string", enum: levels, default: "info", description: "Least severe level that is logged." },
    transport: section("Where the log goes.", {
      targets: {
        ...transports,
        default: [{ preset: "stdout" }],
        description: "Pino transports: `{preset}` or `{target, level?, options?}`.",
      },
    }),
  }),
  logs,
  protocols,
});

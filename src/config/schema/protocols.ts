import { bool, integer, ms, openSection, section, size, text, texts } from "./option.ts";

const port = { type: "integer", minimum: 0, maximum: 65_535 } as const;

const http = section("HTTP.", {
  enabled: bool(true, "Serve HTTP."),
  additionalContentTypes: texts([], "Content types accepted beside JSON and forms; a pipe must read them."),
  allowCompression: bool(true, "Accept compressed requests."),
  maxEncodingLayers: integer(3, "Compressions that one request may have over each other.", 1),
  maxFormFileSize: size("1MB", "Largest part of a multipart form."),
});

const websocket = section("WebSocket.", {
  enabled: bool(true, "Serve WebSocket, on the port of HTTP."),
  idleTimeout: {
    ...integer(60_000, "A connection silent for so long is closed; less than 1000 counts as 60000."),
    unit: "ms",
  },
  compression: bool(false, "Compress messages (permessage-deflate)."),
  rateLimit: integer(0, "Messages per second and connection; 0 for no limit."),
  realtimeNotifications: bool(true, "Tell connections that their token expired."),
  resetIdleTimeoutOnSend: bool(false, "What the server sends counts as activity."),
  sendPingsAutomatically: bool(false, "Ping silent connections before they are closed."),
  heartbeat: {
    type: "number",
    unit: "ms",
    unset: true,
    description: "Without effect.",
    obsolete: "Use server.protocols.websocket.idleTimeout and sendPingsAutomatically.",
  },
});

const mqtt = section("MQTT.", {
  enabled: bool(false, "Serve MQTT, on its own port."),
  allowPubSub: bool(false, "Let clients publish to topics that other clients subscribed to."),
  developmentMode: bool(false, "Send every answer to all who listen to the response topic."),
  disconnectDelay: ms(250, "Time between the last answer and the closing of a connection."),
  requestTopic: text("Kuzzle/request", "Topic on which requests arrive."),
  responseTopic: text("Kuzzle/response", "Topic on which answers are published."),
  server: openSection("Options of the listening socket.", {
    port: { ...port, default: 1883, description: "Port of MQTT." },
  }),
  realtimeNotifications: bool(true, "Tell connections that their token expired."),
  port: { ...port, unset: true, description: "Older name.", obsolete: "Use server.protocols.mqtt.server.port." },
});

const socketio = {
  type: "object",
  description: "Socket.IO, as releases before 2.0 served it; off unless enabled.",
  additionalProperties: {},
  unset: true,
  properties: {
    enabled: { type: "boolean", unset: true, description: "Serve Socket.IO, on the port of HTTP." },
    origins: {
      anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
      unset: true,
      description: "Accepted origins, such as `*:*`.",
    },
    room: { type: "string", unset: true, description: "Event on which requests arrive; `kuzzle` unless given." },
  },
} as const;

export const protocols = openSection("`server.protocols.<name>` is given to the protocol plugin of that name.", {
  http,
  websocket,
  mqtt,
  socketio,
});

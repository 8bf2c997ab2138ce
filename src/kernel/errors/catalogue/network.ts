import type { ErrorDefinition } from "../definition.ts";

export const networkErrors = {
  "network.http.request_too_large": {
    code: 0x03010001,
    class: "SizeLimitError",
    message: "The request is larger than allowed (server.maxRequestSize).",
  },
  "network.http.unexpected_error": {
    code: 0x03010002,
    class: "BadRequestError",
    message: "The HTTP request cannot be read: %s",
  },
  "network.http.too_many_encodings": {
    code: 0x03010003,
    class: "BadRequestError",
    message: "The request body has more encoding layers than allowed (server.protocols.http.maxEncodingLayers).",
  },
  "network.http.unsupported_compression": {
    code: 0x03010004,
    class: "BadRequestError",
    message: 'Encoding "%s" is not supported. Use gzip, deflate or identity.',
  },
  "network.http.compression_disabled": {
    code: 0x03010005,
    class: "BadRequestError",
    message: "Compressed requests are switched off (server.protocols.http.allowCompression).",
  },
  "network.http.unsupported_verb": {
    code: 0x03010006,
    class: "BadRequestError",
    message: 'HTTP verb "%s" is not supported.',
  },
  "network.http.url_not_found": { code: 0x03010007, class: "NotFoundError", message: "No API action answers on %s." },
  "network.http.unsupported_content": {
    code: 0x03010008,
    class: "BadRequestError",
    message: 'Content type "%s" is not supported.',
  },
  "network.http.unsupported_charset": {
    code: 0x03010009,
    class: "BadRequestError",
    message: 'Charset "%s" is not supported: use utf-8.',
  },
  "network.http.duplicate_url": { code: 0x0301000a, class: "InternalError", message: "Two routes are the same: %s." },
  "network.http.volatile_parse_failed": {
    code: 0x0301000b,
    class: "BadRequestError",
    message: "Header X-Kuzzle-Volatile must hold a JSON object.",
  },
  "network.http.body_parse_failed": {
    code: 0x0301000c,
    class: "BadRequestError",
    message: "The request body is not valid JSON.",
  },
  "network.http.file_too_large": {
    code: 0x0301000d,
    class: "SizeLimitError",
    message: "A file of the form is larger than allowed (server.protocols.http.maxFormFileSize).",
  },
  "network.http.stream_closed": {
    code: 0x0301000e,
    class: "InternalError",
    message: "The stream to answer with was already closed.",
  },
  "network.http.stream_errored": {
    code: 0x0301000f,
    class: "InternalError",
    message: "The stream to answer with failed.",
  },
  "network.mqtt.unexpected_error": {
    code: 0x03020001,
    class: "BadRequestError",
    message: "The MQTT request cannot be read: %s",
  },
  "network.websocket.unexpected_error": {
    code: 0x03030001,
    class: "BadRequestError",
    message: "The WebSocket message cannot be read: %s",
  },
  "network.websocket.ratelimit_exceeded": {
    code: 0x03030002,
    class: "TooManyRequestsError",
    message: "Too many messages per second on this connection (server.protocols.websocket.rateLimit).",
  },
  "network.entrypoint.unexpected_event": {
    code: 0x03040001,
    class: "InternalError",
    message: 'Unknown entry point event "%s".',
  },
  "network.entrypoint.invalid_port": {
    code: 0x03040002,
    class: "InternalError",
    message: 'server.port must be an integer from 0 to 65535, found "%s".',
  },
  "network.entrypoint.shutting_down": {
    code: 0x03040003,
    class: "ServiceUnavailableError",
    message: "The server is shutting down.",
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;

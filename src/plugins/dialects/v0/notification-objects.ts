import type { JSONObject } from "../../../kernel/index.ts";

/** What a subscription answered. Source: contract/plugins/v0.md section 8. */
export class RealTimeResponseObject {
  [extra: string]: unknown;
  constructor(roomId: string, request: JSONObject = {}, { channel, count }: JSONObject = {}) {
    const { requestId, controller, action, protocol, timestamp, metadata } = request;
    Object.assign(this, { roomId, channel, requestId, controller, action, protocol, count, timestamp, metadata });
  }

  toJson(): JSONObject {
    const { roomId, requestId, controller, action, protocol, timestamp, metadata, count, channel } = this;
    const result = { roomId, ...(count ? { count } : {}), ...(channel ? { channel } : {}) };
    return { error: null, status: 200, roomId, requestId, controller, action, protocol, timestamp, metadata, result };
  }
}

const ofEnvelope = ["controller", "action", "protocol", "timestamp", "metadata", "scope", "state"] as const;

/** What subscribers hear. Source: contract/plugins/v0.md section 8. */
export class NotificationObject {
  [extra: string]: unknown;
  readonly result: JSONObject = {};

  constructor(roomId: string, request: JSONObject = {}, content: JSONObject = {}) {
    const { requestId, index, collection } = request;
    Object.assign(this, { roomId, requestId, index, collection });
    for (const member of ofEnvelope) this[member] = content[member] ?? request[member];
    for (const [key, value] of Object.entries(content)) {
      if (key !== "__proto__" && !(ofEnvelope as readonly string[]).includes(key)) this.result[key] = value;
    }
  }

  toJson(): JSONObject {
    const { result, ...members } = this;
    return { error: null, status: 200, ...members, ...(Object.keys(result).length === 0 ? {} : { result }) };
  }
}

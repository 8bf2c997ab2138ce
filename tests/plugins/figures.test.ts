/** What the operator of a server sees of its plugins: figures, health, and what becomes of their failures. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { definePlugin } from "../../src/index.ts";
import { action, type JSONObject, type LogFields } from "../../src/kernel/index.ts";
import { connectWebSocket, startServer, type TestServer, type TestServerOptions } from "../../testing/index.ts";

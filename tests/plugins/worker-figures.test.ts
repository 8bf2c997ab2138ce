/** Plugins in processes of their own, as the operator sees them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { httpText } from "../api/wire.ts";
import { startFaulty } from "./faults/faulty-server.ts";

test("a plugin that leaks in its own process is seen by the memory of that process, and the server serves on", async (t) => {
  const leak = "function () { (globalThis.kept = globalThis.kept || []).push(Buffer.alloc(4 * 1024 * 1024, 1)); }";
  const faulty = await startFaulty(t, "v1", { hooks: { "server:afterNow": leak } }, { threads: 1 });

  /** Scrapes until the metric of the process is what it is to be, and answers it. */
  const metric = async (name: string, fits: (value: number) => boolean): Promise<number> => {
    const line = new RegExp(`^${name}\\{plugin="faulty-v1"[^}]*\\} (\\d+)$`, "m");
    const deadline = Date.now() + 20_000;
    for (;;) {
      const { text } = await httpText(faulty.server, "GET", "/metrics");
      const value = Number(line.exec(text)?.[1] ?? Number.NaN);
      if (fits(value)) return value;
      assert.ok(Date.now() < deadline, `${name} is ${value}`);
      await sleep(50);
    }
  };
  const now = { controller: "server", action: "now" };
  await faulty.ask(now);
  await metric("tenon_worker_handled_total", (value) => value === 1);
  const before = await metric("tenon_worker_memory_bytes", (value) => value > 1e6);
  for (let i = 0; i < 25; i++) await faulty.ask(now);
  await metric("tenon_worker_handled_total", (value) => value === 26);
  await metric("tenon_worker_memory_bytes", (value) => value > before + 80e6);
  await metric("tenon_worker_restarts_total", (value) => value === 0);
  await faulty.servesOn();
});

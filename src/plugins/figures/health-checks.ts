import type { ListenerOwner } from "../../events/index.ts";
import { isPlainObject } from "../../kernel/index.ts";
import type { PluginDefinition, PluginHealth } from "../definition.ts";

const deadlineMs = 1_000;
const green: PluginHealth = { status: "green" };
const red = (message: string): PluginHealth => ({ status: "red", message });

/** Asks plugins how they are, each with a deadline. One that hangs is not asked again before it has answered. */
export class HealthChecks {
  readonly #running = new Map<string, Promise<PluginHealth>>();

  /** Never rejects: an exception is red, with its message. */
  async check(definition: PluginDefinition, { disabled }: ListenerOwner): Promise<PluginHealth> {
    const { name, health, workerFigures } = definition;
    if (disabled !== undefined)
      return red(`disabled: its ${disabled.because} failed ${disabled.failures} times in a row`);
    const states = workerFigures?.().processes.map(({ state }) => state) ?? [];
    if (states.includes("failed")) return red("a worker process has failed for good");
    const own = health === undefined ? green : await this.#ask(name, health);
    if (own.status !== "green" || !states.includes("restarting")) return own;
    return { status: "yellow", message: "a worker process is being started again" };
  }

  async #ask(name: string, health: () => unknown): Promise<PluginHealth> {
    let running = this.#running.get(name);
    if (running === undefined) {
      running = answerOf(health).finally(() => this.#running.delete(name));
      this.#running.set(name, running);
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<PluginHealth>((resolve) => {
      timer = setTimeout(() => resolve(red(`its health did not answer within ${deadlineMs} ms`)), deadlineMs);
    });
    try {
      return await Promise.race([running, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

async function answerOf(health: () => unknown): Promise<PluginHealth> {
  try {
    const answer: unknown = await health();
    if (answer === undefined || answer === null) return green;
    // A copy by way of JSON: it will travel so, and what cannot is the plugin's mistake, not the request's.
    const plain: unknown = JSON.parse(JSON.stringify(answer));
    if (isPlainObject(plain) && isStatus(plain.status)) return { ...plain, status: plain.status };
    return red('its health must answer nothing, or an object whose "status" is "green", "yellow" or "red"');
  } catch (error) {
    return red(error instanceof Error ? error.message : String(error));
  }
}

const isStatus = (value: unknown): value is PluginHealth["status"] =>
  value === "green" || value === "yellow" || value === "red";

import { kerror, uuid } from "../../kernel/index.ts";
import type { EventHandler } from "../application.ts";
import { ApplicationManager } from "./application-manager.ts";
import type { DefinedPipeHandler, EventDefinition, PipeEventHandler } from "./listener-types.ts";

export interface PipeOptions {
  /** Says that the pipe comes and goes while the server runs; it may do so without saying it, too. */
  readonly dynamic?: boolean;
}

/** `app.pipe`: handlers that change what an event carries, or refuse it by throwing. */
export class BackendPipe extends ApplicationManager {
  readonly #late = new Map<string, () => void>();

  /**
   * Once the server runs, the pipe works at once, and the answer is an id to unregister it by; before, nothing is answered.
   * Error: `plugin.assert.invalid_pipe` for what is no function.
   */
  register<E extends string>(event: E, handler: PipeEventHandler<E>, options?: PipeOptions): string | undefined;
  register<T extends EventDefinition>(
    event: T["name"],
    handler: DefinedPipeHandler<T>,
    options?: PipeOptions,
  ): string | undefined;
  register(event: string, handler: unknown): string | undefined {
    if (typeof event !== "string" || event === "" || typeof handler !== "function") {
      throw kerror("plugin.assert.invalid_pipe", this.application.name, event, " It must be a function.");
    }
    const { host } = this.life;
    if (host === undefined) {
      this.application.addPipe(event, handler as EventHandler);
      return undefined;
    }
    const pipeId = uuid();
    this.#late.set(pipeId, host.addPipe(this.application.name, event, handler as EventHandler));
    return pipeId;
  }

  /** Errors: `plugin.runtime.unavailable_before_start`, `plugin.runtime.unknown_pipe`. */
  unregister(pipeId: string): void {
    if (this.life.host === undefined) this.life.unavailable("pipe.unregister");
    const unregister = this.#late.get(pipeId);
    if (unregister === undefined) throw kerror("plugin.runtime.unknown_pipe", pipeId);
    this.#late.delete(pipeId);
    unregister();
  }
}

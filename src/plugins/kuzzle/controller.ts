import { descendsFrom } from "./lineage.ts";

interface Application {
  readonly sdk: unknown;
}

/** Base class of an application's controllers. */
export abstract class Controller {
  readonly #app: Application;
  name: string | undefined;
  definition: unknown;

  constructor(app: Application) {
    this.#app = app;
  }

  protected get app(): Application {
    return this.#app;
  }

  get sdk(): unknown {
    return this.#app.sdk;
  }

  static [Symbol.hasInstance](candidate: unknown): boolean {
    // A copy of this very class counts, but a subclass is only itself: two plugins may have classes of one name.
    if (Function.prototype[Symbol.hasInstance].call(this, candidate)) return true;
    return this === Controller && descendsFrom(candidate, "Controller");
  }
}

import { descendsFrom, type EmbeddedSDK } from "../../plugins/index.ts";
import type { ControllerContent } from "../application.ts";
import type { Backend } from "../backend.ts";

/**
 * Base class of an application's controllers, for `app.controller.use`:
 *
 * ```ts
 * class GreetingController extends Controller {
 *   constructor(app: Backend) {
 *     super(app);
 *     this.definition = { actions: { hello: { handler: this.hello } } };
 *   }
 *   async hello(request: KuzzleRequest) { return `Hello, ${request.getString("name")}`; }
 * }
 * ```
 */
export abstract class Controller {
  readonly #app: Backend;
  /** Name on the API; the class name in kebab-case without `-controller` unless it is set. */
  name = "";
  definition: ControllerContent = { actions: {} };

  constructor(app: Backend) {
    this.#app = app;
  }

  protected get app(): Backend {
    return this.#app;
  }

  get sdk(): EmbeddedSDK {
    return this.#app.sdk;
  }

  static [Symbol.hasInstance](candidate: unknown): boolean {
    // A copy of this very class counts, but a subclass is only itself: two applications may have classes of one name.
    if (Function.prototype[Symbol.hasInstance].call(this, candidate)) return true;
    return this === Controller && descendsFrom(candidate, "Controller");
  }
}

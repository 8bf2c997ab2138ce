import type { JSONObject } from "../../../kernel/index.ts";
import type { AuthorCalls } from "../author-calls.ts";
import type { AuthorLog } from "../author-log.ts";
import type { HostedEntryPoint } from "../hosted-entry-point.ts";
import { constructors, errors } from "../protocol-context.ts";
import { ProxyRouter } from "./proxy-router.ts";

/**
 * The second argument of `init` for protocols of the Proxy: what its releases gave, together.
 * Source: contract/plugins/protocols.md section 2.
 */
export class ProxyContext {
  readonly constructors = constructors;
  readonly errors = errors;
  readonly accessors: { readonly router: ProxyRouter };
  readonly log: AuthorLog;
  readonly config: JSONObject;

  constructor(entryPoint: HostedEntryPoint, calls: AuthorCalls, log: AuthorLog, config: JSONObject) {
    this.accessors = { router: new ProxyRouter(entryPoint, calls) };
    this.log = log;
    this.config = config;
  }

  getRouter(): ProxyRouter {
    return this.accessors.router;
  }
}

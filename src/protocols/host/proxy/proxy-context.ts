import type { JSONObject } from "../../../kernel/index.ts";
import type { AuthorCalls } from "../author-calls.ts";
import type { AuthorLog } from "../author-log.ts";
import type { HostedEntryPoint } from "../hosted-entry-point.ts";
import { constructors, errors } from "../protocol-context.ts";
import type { FormerRequests } from "./former-requests.ts";
import { ProxyRouter } from "./proxy-router.ts";

export interface ProxyContextDeps {
  readonly entryPoint: HostedEntryPoint;
  readonly calls: AuthorCalls;
  readonly former: FormerRequests;
  readonly log: AuthorLog;
  readonly config: JSONObject;
}

/**
 * The second argument of `init` for protocols of the Proxy: what its releases gave, together.
 * Source: contract/plugins/protocols.md section 2.
 */
export class ProxyContext {
  readonly constructors: Readonly<Record<string, unknown>>;
  // The very first release had them here.
  readonly RequestObject: unknown;
  readonly ResponseObject: unknown;
  readonly errors = errors;
  readonly accessors: { readonly router: ProxyRouter };
  readonly log: AuthorLog;
  readonly config: JSONObject;

  constructor({ entryPoint, calls, former, log, config }: ProxyContextDeps) {
    this.constructors = { ...constructors, ...former.constructors };
    this.RequestObject = former.constructors.RequestObject;
    this.ResponseObject = former.constructors.ResponseObject;
    this.accessors = { router: new ProxyRouter(entryPoint, calls, former) };
    this.log = log;
    this.config = config;
  }

  getRouter(): ProxyRouter {
    return this.accessors.router;
  }
}

import { type Action, action, arg, type ControllerDefinition, schema } from "../../../events/index.ts";
import { type KuzzleRequest, kerror } from "../../../kernel/index.ts";
import type { Debugger } from "./debugger.ts";

export interface DebugControllerDeps {
  readonly debugger: Debugger;
  /** `security.debug.native_debug_protocol`: whoever may use this controller may run any code. */
  readonly isAllowed: boolean;
}

/** Chrome DevTools Protocol for the node that answers (contract/api/debug.yaml). */
export function createDebugController({ debugger: tool, isAllowed }: DebugControllerDeps): ControllerDefinition {
  const denied = "core.debugger.native_debug_protocol_usage_denied";
  const none = { type: "null" } as const;

  /** What the switch says comes before everything else, then the protocol, then the arguments. */
  const guarded = (inner: Action, check: (request: KuzzleRequest) => void = () => {}): Action => ({
    ...inner,
    invoke: (request) => {
      if (!isAllowed) throw kerror(denied);
      check(request);
      return inner.invoke(request);
    },
  });

  const listening = (summary: string, run: (connectionId: string, event: string) => void): Action =>
    guarded(
      action({
        summary,
        args: { event: arg.body.string() },
        result: none,
        errors: [denied, "api.assert.unsupported_protocol", "core.debugger.not_enabled"],
        run: ({ event }, request) => {
          run(request.context.connection.id ?? "", event);
          return null;
        },
      }),
      ({ context: { connection } }) => {
        if (connection.protocol !== "websocket") {
          throw kerror("api.assert.unsupported_protocol", connection.protocol ?? "", "websocket");
        }
      },
    );

  return {
    name: "debug",
    actions: {
      addListener: listening("Sends the connection an event of the debugger, or all of them", (connectionId, event) =>
        tool.addListener(connectionId, event),
      ),
      removeListener: listening("Sends the connection an event of the debugger no more", (connectionId, event) =>
        tool.removeListener(connectionId, event),
      ),
      disable: guarded(
        action({
          summary: "Stops the debugger and forgets who listens",
          http: [{ verb: "POST", path: "/debug/_disable" }],
          result: none,
          errors: [denied],
          run: () => {
            tool.disable();
            return null;
          },
        }),
      ),
      enable: guarded(
        action({
          summary: "Starts the debugger of this node",
          http: [{ verb: "POST", path: "/debug/_enable" }],
          result: none,
          errors: [denied],
          run: async () => {
            await tool.enable();
            return null;
          },
        }),
      ),
      nodeVersion: action({
        summary: "Version of Node.js",
        http: [{ verb: "GET", path: "/debug/_nodeVersion" }],
        result: schema.string(),
        run: () => process.version,
      }),
      post: guarded(
        action({
          summary: "Runs a method of the Chrome DevTools Protocol",
          http: [{ verb: "POST", path: "/debug/_post" }],
          args: { method: arg.body.string(), params: arg.body.optional.object() },
          result: schema.object(),
          errors: [denied, "core.debugger.not_enabled"],
          run: ({ method, params }) => tool.post(method, params ?? {}),
        }),
      ),
    },
  };
}

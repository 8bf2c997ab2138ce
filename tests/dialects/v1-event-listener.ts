/** A plugin of Kuzzle 1 that tells what it hears, on a whole server. */
import type { TestContext } from "node:test";
import { type FormerServer, formerPackage, startFormer } from "./former-server.ts";

/** Listens to HOOKS and PIPES, and notes what it is given: requests as `Request <controller>:<action>`, all else as it is. */
export const listener = (hooks: readonly string[], pipes: readonly string[], more = ""): string => `
'use strict';
module.exports = class {
  constructor () {
    this.notes = [];
    this.controllers = { it: { notes: 'take', execute: 'execute', nothing: () => Promise.resolve() } };
    this.routes = [{ verb: 'head', url: '/nothing', controller: 'it', action: 'nothing' }];
    this.hooks = {}; this.pipes = {};
    for (const event of ${JSON.stringify(hooks)}) this.hooks[event] = 'hook';
    for (const event of ${JSON.stringify(pipes)}) this.pipes[event] = 'pipe';
    ${more}
  }
  init (config, context) { this.context = context; }
  take () { return Promise.resolve(this.notes.splice(0)); }
  execute (request) {
    return this.context.accessors.execute(new this.context.constructors.Request(request.input.body.asked)).then(({ result }) => result);
  }
  show (payload) {
    if (payload instanceof this.context.constructors.Request) return 'Request ' + payload.input.controller + ':' + payload.input.action;
    return payload === undefined ? null : JSON.parse(JSON.stringify(payload));
  }
  hook (payload, event) { this.notes.push(['hook', event, this.show(payload)]); }
  pipe (payload, ...rest) { const callback = rest.pop(); this.notes.push(['pipe', null, this.show(payload)]); callback(null, payload); }
};`;

export type Note = readonly ["hook" | "pipe", string | null, unknown];

export interface Served extends FormerServer {
  notes(): Promise<readonly Note[]>;
}

export async function listen(
  t: TestContext,
  hooks: readonly string[],
  pipes: readonly string[] = [],
  options: object = {},
): Promise<Served> {
  const former = await startFormer(t, formerPackage("listener", listener(hooks, pipes)), { listener: options });
  const notes = async (): Promise<readonly Note[]> => {
    const taken = (await former.ask({ controller: "listener/it", action: "notes" })) as Note[];
    return taken.filter(([, , payload]) => !String(payload).startsWith("Request listener/it:notes"));
  };
  return { ...former, notes };
}

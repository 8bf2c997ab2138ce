/** The same plugin, with the same mistakes, as an author of each generation writes it. */
import type { JSONObject } from "../../../src/kernel/index.ts";
import { firstPackage, formerPackage, listed } from "../../dialects/former-server.ts";

export const generations = ["v0", "v1", "v2", "tenon"] as const;
export type FaultyGeneration = (typeof generations)[number];

/** Sources of functions: of pipes by their event, and so on. Older pipes get `(payload, callback)`, those of definePlugin `(payload)`. */
export interface Members {
  readonly pipes?: Readonly<Record<string, string>>;
  readonly hooks?: Readonly<Record<string, string>>;
  readonly actions?: Readonly<Record<string, string>>;
  /** Body of `init`; what it may use is `context`. */
  readonly init?: string;
  /** Of pipes, where the plugin itself says it. */
  readonly deadlineMs?: number;
}

export const nameOf = (generation: FaultyGeneration): string => `faulty-${generation}`;

/** Files of the package, by path in the root. Its actions are those of the controller `<name>/faulty`. */
export function faultyPackage(generation: FaultyGeneration, members: Members): Record<string, string> {
  const name = nameOf(generation);
  const main = mains[generation](members);
  switch (generation) {
    case "v0":
      return { ...firstPackage(name, main), ...listed({ [name]: { version: "0.9.1", activated: true } }) };
    case "v1":
      return formerPackage(name, main);
    case "v2":
      return {
        ...packageFiles(name, "index.js", main),
        [`plugins/enabled/${name}/manifest.json`]: JSON.stringify({ name, kuzzleVersion: ">=2.0.0 <3.0.0" }),
      };
    case "tenon":
      return packageFiles(name, "index.mjs", main);
  }
}

const packageFiles = (name: string, file: string, main: string): Record<string, string> => ({
  [`plugins/enabled/${name}/package.json`]: JSON.stringify({ name, version: "1.0.0", main: file }),
  [`plugins/enabled/${name}/${file}`]: main,
});

const mains: Readonly<Record<FaultyGeneration, (members: Members) => string>> = {
  v0: (members) => `module.exports = function () {
    ${methods(members)}
    this.controllers = { faulty: 'makeController' };
    this.makeController = function () { return { ${entries(members.actions)} }; };
    this.init = function (config, context, isDummy) { ${members.init ?? ""} };
  };`,
  v1: (members) => `module.exports = function () {
    ${methods(members)}
    this.controllers = { faulty: { ${entries(members.actions)} } };
    this.init = function (config, context) { ${members.init ?? ""} };
  };`,
  v2: (members) => `module.exports = class Faulty {
    constructor () {
      this.pipes = { ${entries(members.pipes)} };
      this.hooks = { ${entries(members.hooks)} };
      this.controllers = { faulty: { ${entries(members.actions)} } };
    }
    init (config, context) { ${members.init ?? ""} }
  };`,
  tenon: (members) => `import { action, definePlugin } from "tenon";
    const actions = { ${entries(members.actions)} };
    export default definePlugin({
      name: "faulty-tenon",
      pipeDeadlineMs: ${members.deadlineMs ?? 60},
      init (context) { ${members.init ?? ""} },
      pipes: { ${entries(members.pipes)} },
      hooks: { ${entries(members.hooks)} },
      controllers: { faulty: Object.fromEntries(Object.entries(actions).map(([name, run]) =>
        [name, action({ summary: name, run: (_, request) => run(request) })])) },
    });`,
};

/** `this.pipes = { event: 'pipe0' }` and the methods themselves. */
function methods({ pipes = {}, hooks = {} }: Members): string {
  return Object.entries({ pipes, hooks })
    .map(([kind, table]) => {
      const names = Object.keys(table).map((event, i) => `'${event}': '${kind}${i}'`);
      const functions = Object.values(table).map((source, i) => `this.${kind}${i} = ${source};`);
      return `this.${kind} = { ${names.join(", ")} }; ${functions.join("\n")}`;
    })
    .join("\n");
}

const entries = (table: Readonly<Record<string, string>> = {}): string =>
  Object.entries(table)
    .map(([name, source]) => `'${name}': ${source}`)
    .join(", ");

/** What makes pipes of the older generations miss their deadline soon; that of the second has none. */
export const shortDeadline: JSONObject = { pipeTimeout: 60, pipeWarnTime: 20 };

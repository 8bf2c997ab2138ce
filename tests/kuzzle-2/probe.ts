/** A plugin whose action runs what a test wants to know, as its author would write it: `context`, `request` and `kuzzle` are at hand. */
export const probe = (name: string): string => `
const kuzzle = require("kuzzle");
module.exports = class {
  constructor () { this.api = { "${name}": { actions: { run: { handler: (request) => this.run(request) } } } }; }
  async init (config, context) { this.config = config; this.context = context; this.kept = {}; }
  async run (request) {
    const code = request.getBodyString("code");
    return new (Object.getPrototypeOf(async () => {}).constructor)("context", "request", "kuzzle", "kept", code)(this.context, request, kuzzle, this.kept);
  }
};`;

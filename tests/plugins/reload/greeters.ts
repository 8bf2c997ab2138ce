/**
 * One plugin, "greeter", in every form that the server knows: it answers a word over a route, stamps it on every document that is created, and
 * remembers in `global.heard` who heard of the creation.
 */
import type { Files } from "./reloadable.ts";

export interface Form {
  readonly name: string;
  /** Where the route is. */
  readonly path: string;
  readonly controller: string;
  readonly files: (word: string) => Files;
}

const folder = "plugins/enabled/greeter";

const packaged = (
  main: Files,
  {
    packageJson = {},
    manifest = { name: "greeter", kuzzleVersion: ">=2.0.0 <3.0.0" },
  }: { packageJson?: object; manifest?: object | null } = {},
): Files => ({
  [`${folder}/package.json`]: JSON.stringify({ name: "greeter", version: "1.0.0", ...packageJson }),
  ...(manifest === null ? {} : { [`${folder}/manifest.json`]: JSON.stringify(manifest) }),
  ...Object.fromEntries(Object.entries(main).map(([path, text]) => [`${folder}/${path}`, text])),
});

const first = (word: string): string => `
var word = require('./word');
function GreetController (context) { this.context = context; }
GreetController.prototype.hello = function (requestObject) {
  return Promise.resolve(new this.context.ResponseObject(requestObject, { word: word }));
};
module.exports = function () {
  var self = this;
  this.hooks = { 'data:afterCreate': 'hear' };
  this.pipes = { 'data:beforeCreate': 'stamp' };
  this.controllers = { greet: 'makeGreet' };
  this.routes = [{ verb: 'get', url: '/hello', controller: 'greet', action: 'hello' }];
  this.init = function (config, context, isDummy) { self.context = context; return self; };
  this.makeGreet = function () { return new GreetController(self.context); };
  this.stamp = function (requestObject, callback) { requestObject.data.body.word = word; callback(null, requestObject); };
  this.hear = function () { global.heard.push('${word}'); };
};`;

const former = (word: string): string => `
'use strict';
const word = require('./word');
class Greeter {
  constructor () {
    this.hooks = { 'document:afterCreate': 'hear' };
    this.pipes = { 'document:beforeCreate': 'stamp' };
    this.controllers = { greet: { hello: 'hello' } };
    this.routes = [{ verb: 'get', url: '/hello', controller: 'greet', action: 'hello' }];
  }
  init (customConfig, context) { this.context = context; }
  hello () { return Promise.resolve({ word }); }
  stamp (request, callback) { request.input.body.word = word; callback(null, request); }
  hear () { global.heard.push('${word}'); }
}
module.exports = Greeter;`;

const secondClass = (word: string, types: boolean): string => `
class Greeter extends Plugin {
  constructor () {
    super({ kuzzleVersion: '>=2.0.0 <3.0.0' });
    this.api = { greet: { actions: { hello: { handler: this.hello, http: [{ verb: 'get', path: 'greeter/hello' }] } } } };
    this.pipes = { 'document:beforeCreate': this.stamp };
    this.hooks = { 'document:afterCreate': this.hear };
  }
  async init (config${types ? ": JSONObject" : ""}, context${types ? ": PluginContext" : ""})${types ? ": Promise<void>" : ""} {}
  async hello () { return { word }; }
  async stamp (request${types ? ": KuzzleRequest" : ""}) { request.input.body.word = word; return request; }
  hear () { global.heard.push('${word}'); }
}`;

const defined = (word: string): string => `
import { action, definePlugin } from 'tenon';
import { word } from './word.mjs';
export default definePlugin({
  name: 'greeter',
  pipes: { 'document:beforeCreate': (request) => { request.input.body.word = word; return request; } },
  hooks: { 'document:afterCreate': () => { global.heard.push('${word}'); } },
  controllers: { greet: { hello: action({
    summary: 'Greets.', http: [{ verb: 'GET', path: '/_/greeter/hello' }], run: () => ({ word }),
  }) } },
});`;

export const forms: readonly Form[] = [
  {
    name: "Kuzzle 0",
    path: "/api/1.0/_plugin/greeter/hello",
    controller: "greeter/greet",
    files: (word) =>
      packaged(
        { "index.js": first(word), "word.js": `module.exports = '${word}';` },
        { packageJson: { main: "index.js", pluginInfo: { loadedBy: "server" } }, manifest: null },
      ),
  },
  {
    name: "Kuzzle 1",
    path: "/_plugin/greeter/hello",
    controller: "greeter/greet",
    files: (word) =>
      packaged(
        { "index.js": former(word), "word.json": JSON.stringify(word) },
        { manifest: { name: "greeter", kuzzleVersion: ">=1.0.0 <2.0.0" } },
      ),
  },
  {
    name: "Kuzzle 2 in CommonJS",
    path: "/_/greeter/hello",
    controller: "greet",
    files: (word) =>
      packaged({
        "index.js": `const { Plugin } = require('kuzzle'); const word = require('./lib/word');
          ${secondClass(word, false)} module.exports = Greeter;`,
        "lib/word.js": `module.exports = require('./parts').join('');`,
        "lib/parts.js": `module.exports = ${JSON.stringify([...word])};`,
      }),
  },
  {
    name: "Kuzzle 2 in ES modules",
    path: "/_/greeter/hello",
    controller: "greet",
    files: (word) =>
      packaged(
        {
          "index.js": `import { Plugin } from 'kuzzle'; import { word } from './lib/word.js';
            ${secondClass(word, false)} export default Greeter;`,
          "lib/word.js": `import { parts } from './parts.cjs'; export const word = parts.join('');`,
          "lib/parts.cjs": `exports.parts = ${JSON.stringify([...word])};`,
        },
        { packageJson: { type: "module" } },
      ),
  },
  {
    name: "Kuzzle 2 in TypeScript",
    path: "/_/greeter/hello",
    controller: "greet",
    files: (word) =>
      packaged({
        "index.ts": `import { Plugin, PluginContext, KuzzleRequest, JSONObject } from 'kuzzle'; import { word } from './lib/word';
          ${secondClass(word, true)} export default Greeter;`,
        "lib/word.ts": `export const word: string = '${word}';`,
      }),
  },
  {
    name: "definePlugin",
    path: "/_/greeter/hello",
    controller: "greet",
    files: (word) =>
      packaged(
        { "index.mjs": defined(word), "word.mjs": `export const word = '${word}';` },
        { packageJson: { main: "index.mjs" } },
      ),
  },
];

"use strict";

const { BadRequestError } = require("kuzzle");

/** What `plugins.hello-world` of the configuration may say; members that are not given have these values. */
const defaults = {
  /** Member of a document that takes the stamp; an empty name stamps nothing. */
  stampField: "stampedBy",
  /** What is written there. */
  stamp: "hello-world",
  /** Documents that hold this word in any text are refused; empty refuses nothing. */
  forbiddenWord: "",
  /** How many ids of deleted documents are kept. */
  keptDeletions: 10,
};

/**
 * An example plugin. A hook watches deletions, a pipe stamps and refuses documents, a controller greets.
 * Copy this folder to start your own.
 */
class HelloWorldPlugin {
  constructor() {
    /** Hooks observe: they cannot change or fail a request, and nobody waits for them. */
    this.hooks = {
      "document:afterDelete": "rememberRequest",
      "generic:document:afterDelete": "rememberDocuments",
    };

    /** Pipes take part: each answers the payload, changed or not, or refuses it with an error. */
    this.pipes = {
      "generic:document:beforeWrite": "checkAndStamp",
    };

    /** Reached as controller "hello-world/hello", action "sayHello", over every protocol. */
    this.controllers = {
      hello: {
        sayHello: "sayHello",
        deletions: "deletions",
      },
    };

    /** And over HTTP, under /_plugin/hello-world and under /_ */
    this.routes = [
      { verb: "get", url: "/hello", controller: "hello", action: "sayHello" },
      { verb: "get", url: "/hello/deletions", controller: "hello", action: "deletions" },
    ];

    /** Ids, the latest last. */
    this.lastDeleted = new Set();
  }

  /** The server calls this once at its start, and waits for it. */
  async init(config, context) {
    this.config = { ...defaults, ...config };
    this.context = context;
  }

  /** document:afterDelete: one document was deleted by its id. */
  rememberRequest(request, event) {
    this.remember(request.getId(), event);
  }

  /** generic:document:afterDelete: any number of documents were deleted, by whichever action. */
  rememberDocuments(documents, _request, event) {
    for (const { _id } of documents) this.remember(_id, event);
  }

  remember(id, event) {
    // Deleting one document fires both events: it counts once, as the latest.
    this.lastDeleted.delete(id);
    this.lastDeleted.add(id);
    if (this.lastDeleted.size > this.config.keptDeletions) {
      const [oldest] = this.lastDeleted;
      this.lastDeleted.delete(oldest);
    }
    this.context.log.debug(`${event}: ${id}`);
  }

  /** Every document that is about to be written, by whichever action: [{ _id, _source }]. */
  async checkAndStamp(documents) {
    const { forbiddenWord, stampField, stamp } = this.config;
    for (const { _source } of documents) {
      if (forbiddenWord !== "" && holdsWord(_source, forbiddenWord)) {
        throw new BadRequestError(`The word "${forbiddenWord}" is not allowed in documents.`);
      }
      if (stampField !== "") _source[stampField] = stamp;
    }
    return documents;
  }

  async sayHello(request) {
    const name = request.getString("name", "World");
    return { greeting: `Hello, ${name}!` };
  }

  async deletions() {
    return { ids: [...this.lastDeleted] };
  }
}

/** Looks at every text within a value, without recursion: clients decide how deep documents are. */
function holdsWord(value, word) {
  const searched = word.toLowerCase();
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === "string" && next.toLowerCase().includes(searched)) return true;
    if (typeof next === "object" && next !== null) {
      for (const key in next) waiting.push(next[key]);
    }
  }
  return false;
}

module.exports = HelloWorldPlugin;

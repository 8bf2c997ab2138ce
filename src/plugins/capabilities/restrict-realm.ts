import type { PluginHostDeps } from "../deps.ts";
import type { ServerRealm } from "../realm/server-realm.ts";
import type { Gate } from "./gate.ts";

/** What a plugin with capabilities finds of its server outside of its context: by globals, and by the exports of `kuzzle`. */
export function restrictRealm(realm: ServerRealm, deps: PluginHostDeps, gate: Gate): ServerRealm {
  return {
    ...realm,
    facade: realm.facade.seenBy({
      execute: (request) => deps.execute(request, { checkRights: false }),
      secrets: gate.granted.secrets ? realm.facade.vault.secrets : withheldSecrets(gate),
      checkEvent: (event) => gate.requireEvent(event),
    }),
    application: () => {
      throw gate.refusal("use the application object (global.app)", "anything as wide as the whole server");
    },
    storage: { ...realm.storage, store: deps.store },
    sdk: { ...realm.sdk, execute: deps.execute },
  };
}

/** Empty, and asking for a secret is refused: a plugin must not take "withheld" for "not set". */
function withheldSecrets(gate: Gate): Readonly<Record<string, unknown>> {
  return new Proxy(Object.freeze({}), {
    get(target, member) {
      // What the language and its tools ask of any object.
      if (typeof member === "symbol" || member in Object.prototype || member === "then" || member === "toJSON") {
        return Reflect.get(target, member);
      }
      throw gate.refusal(`read the secret "${member}"`, '"secrets": true');
    },
  });
}

import { RuleTemplate } from "../../filters/index.ts";
import { allowIn, type Grant } from "./grant.ts";

/**
 * The policies that allow one action, and what they say of documents: which of them count depends on the index and the collection, so each
 * choice of them is put together once. Its size follows the policies, not the names that clients make up.
 */
export class RuleChoice {
  readonly #grants: readonly Grant[];
  /** By the places of the policies that count. */
  readonly #chosen = new Map<string, RuleTemplate | undefined>();

  constructor(grants: readonly Grant[]) {
    this.#grants = grants;
  }

  of(index: string | undefined, collection: string | undefined): RuleTemplate | undefined {
    let key = "";
    for (let i = 0; i < this.#grants.length; i++) {
      const { restrictions } = this.#grants[i] as Grant; // within bounds
      if (restrictions === undefined || allowIn(restrictions, index, collection)) key += `${i},`;
    }
    if (this.#chosen.has(key)) return this.#chosen.get(key);
    const places = key.split(",").slice(0, -1).map(Number);
    const template = RuleTemplate.of(places.map((place) => this.#grants[place]?.rule));
    // Wards, tenants and their like may be many: what is not kept is put together again.
    if (this.#chosen.size >= maxChoices) this.#chosen.clear();
    this.#chosen.set(key, template);
    return template;
  }
}

/** A guess: choices differ where restrictions differ. */
const maxChoices = 1_000;

import { createHash } from "node:crypto";
import { isPlainObject, type JSONObject, KuzzleError } from "../../../kernel/index.ts";
import type { Repository } from "../../storage/repository.ts";

/** One secret, with the recovery codes that were told beside it. */
export interface Factor {
  /** Base 32, as authenticator applications take it, in the form that the seal has given it. */
  readonly secret: string;
  /** Hashes of those that were not used yet. */
  readonly recovery: readonly string[];
  /** Epoch milliseconds. */
  readonly enrolledAt: number;
}

/** What is kept of a user: the factor that counts, the one that waits for its first code, and the time step of the last code. */
export interface UserFactors {
  readonly active?: Factor | undefined;
  readonly pending?: Factor | undefined;
  readonly lastStep: number;
}

export const collections: JSONObject = {
  factors: { dynamic: "false", properties: {} },
  claims: { dynamic: "false", properties: { kuid: { type: "keyword" } } },
  config: { dynamic: "false", properties: {} },
};

const none: UserFactors = { lastStep: -1 };

function factorOf(value: unknown): Factor | undefined {
  if (!isPlainObject(value) || typeof value.secret !== "string") return undefined;
  const { secret, recovery, enrolledAt } = value;
  const hashes = Array.isArray(recovery) ? recovery.filter((one): one is string => typeof one === "string") : [];
  return { secret, recovery: hashes, enrolledAt: typeof enrolledAt === "number" ? enrolledAt : 0 };
}

/** The factors of all users. The id of a document is the kuid. */
export class Factors {
  readonly #factors: Repository;
  readonly #claims: Repository;

  constructor(factors: Repository, claims: Repository) {
    this.#factors = factors;
    this.#claims = claims;
  }

  async find(kuid: string): Promise<UserFactors> {
    const [stored] = (await this.#factors.mGet([kuid])) as JSONObject[];
    if (stored === undefined) return none;
    const { active, pending, lastStep } = stored;
    return {
      active: factorOf(active),
      pending: factorOf(pending),
      lastStep: typeof lastStep === "number" ? lastStep : -1,
    };
  }

  async put(kuid: string, { active, pending, lastStep }: UserFactors): Promise<void> {
    await this.#factors.createOrReplace({ _id: kuid, active, pending, lastStep }, { refresh: true });
  }

  async delete(kuid: string): Promise<void> {
    await ignoreMissing(this.#factors.delete(kuid, { refresh: true }));
    for (;;) {
      const { hits } = await this.#claims.search({ query: { term: { kuid } } }, { size: 100 });
      if (hits.length === 0) return;
      for (const { _id } of hits as { _id: string }[]) await ignoreMissing(this.#claims.delete(_id, { refresh: true }));
    }
  }

  /** Takes a code for oneself: false when somebody has it already. Of several at once, on whichever node, one gets it. */
  async claim(kuid: string, code: string): Promise<boolean> {
    try {
      await this.#claims.create({ _id: claimId(kuid, code), kuid }, { refresh: true });
      return true;
    } catch (error) {
      if (error instanceof KuzzleError && error.id === "services.storage.document_already_exists") return false;
      throw error;
    }
  }

  /** The claim is not needed any more: what is stored of the user refuses the code. */
  unclaim(kuid: string, code: string): Promise<void> {
    return ignoreMissing(this.#claims.delete(claimId(kuid, code)));
  }
}

const claimId = (kuid: string, code: string): string =>
  createHash("sha256")
    .update(JSON.stringify([kuid, code]))
    .digest("hex");

async function ignoreMissing(deleting: Promise<void>): Promise<void> {
  try {
    await deleting;
  } catch (error) {
    if (!(error instanceof KuzzleError) || error.status !== 404) throw error;
  }
}

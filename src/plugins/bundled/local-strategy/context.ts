import type { JSONObject, KuzzleError } from "../../../kernel/index.ts";

/** What is stored of a user's credentials; the id of the document is the user name. */
export interface StoredCredentials {
  readonly _id: string;
  readonly kuid: string;
  readonly userPassword: string;
  readonly [field: string]: unknown;
}

/** The documents of one collection, as `context.constructors.Repository` makes it. */
export interface CredentialsRepository {
  create(document: JSONObject, options?: { refresh?: "wait_for" }): Promise<unknown>;
  replace(document: JSONObject, options?: { refresh?: "wait_for" }): Promise<unknown>;
  delete(id: string, options?: { refresh?: "wait_for" }): Promise<unknown>;
  mGet(ids: readonly string[]): Promise<readonly object[]>;
  search(
    body: JSONObject,
    page: { from: number; size: number },
  ): Promise<{ readonly hits: readonly object[]; readonly total: number }>;
}

/** The part of the context of contract/plugins/v2.md section 7 that this plugin uses. */
export interface LocalStrategyContext {
  readonly constructors: { readonly Repository: new (collection: string) => CredentialsRepository };
  readonly accessors: {
    readonly storage: { bootstrap(collections: JSONObject): Promise<void> };
    readonly sdk: { query(request: JSONObject): Promise<{ readonly result: unknown }> };
  };
  readonly kerror: {
    get(name: string, ...placeholders: unknown[]): KuzzleError;
  };
}

import { createRequire } from "node:module";
import {
  BadRequestError,
  ForbiddenError,
  type JSONObject,
  KuzzleError,
  type KuzzleRequest,
  PreconditionError,
  systemClock,
} from "../../../kernel/index.ts";
import {
  type Attempt,
  defaultLoginGuardOptions,
  LoginGuard,
  type LoginGuardOptions,
  type Wait,
} from "../../../security/index.ts";
import { type LocalConfig, readConfig } from "./config.ts";
import type { LocalStrategyContext } from "./context.ts";
import { CredentialsStore, collections, type LocalCredentials } from "./credentials-store.ts";
import { FirstReleases } from "./first-releases.ts";
import { defaultCost, isArgon2 } from "./hashing/argon2.ts";
import type { OlderHash } from "./hashing/older-hash.ts";
import { HashPool } from "./hashing/pool.ts";
import { manifest } from "./manifest.ts";
import { Policies } from "./policies.ts";
import { readCredentials } from "./read-credentials.ts";
import { ResetTokens, resetSecret } from "./reset-tokens.ts";
import { checkSearchBody } from "./search-body.ts";

// passport-local is CommonJS: its class is the export's member.
const { Strategy } = createRequire(import.meta.url)("passport-local") as { Strategy: unknown };

const wrong = { kuid: null, message: "wrong username or password" } as const;
type Wrong = typeof wrong & { readonly reason?: string; readonly of?: string };

export interface PasswordOptions {
  readonly memoryKiB?: number;
  readonly passes?: number;
  readonly maxQueue?: number;
  readonly guard?: LoginGuardOptions;
}

/** What {@link LocalStrategyPlugin.init} makes ready. */
interface Ready {
  readonly config: LocalConfig;
  readonly context: LocalStrategyContext;
  readonly store: CredentialsStore;
  readonly policies: Policies;
  readonly resetTokens: ResetTokens;
}

/**
 * The strategy `local`: user name and password. A plugin of the second generation like any other (contract/plugins/v2.md); what it
 * answers is in contract/security.md section 15.
 */
export class LocalStrategyPlugin {
  readonly _manifest = manifest;
  readonly authenticators = { Local: Strategy };
  readonly strategies = {
    local: {
      config: { authenticator: "Local", fields: ["username", "password"] },
      methods: {
        create: "create",
        delete: "delete",
        exists: "exists",
        getById: "getById",
        getInfo: "getInfo",
        search: "search",
        update: "update",
        validate: "validate",
        verify: "verify",
      },
    },
  };
  readonly controllers = {
    password: {
      getResetPasswordToken: "getResetPasswordToken",
      reset: "reset",
      getWaits: "getWaits",
      liftWaits: "liftWaits",
    },
  };
  readonly routes = [
    { verb: "get", path: "/password/resetToken/:_id", controller: "password", action: "getResetPasswordToken" },
    { verb: "post", path: "/password/reset", controller: "password", action: "reset" },
    { verb: "get", path: "/password/waits", controller: "password", action: "getWaits" },
    { verb: "post", path: "/password/waits/_lift", controller: "password", action: "liftWaits" },
  ];
  readonly hooks = { "kuzzle:shutdown": "close" };
  readonly #hashing: HashPool;
  readonly #guard: LoginGuard;
  /** The last older hash that was met. */
  #decoy: OlderHash | undefined;
  #ready: Ready | undefined;

  /** `tenon.password` and `tenon.login` of the configuration: what a hash costs, how many may wait, and how guessing is slowed down. */
  constructor({ memoryKiB, passes, maxQueue, guard = defaultLoginGuardOptions }: PasswordOptions = {}) {
    const cost = {
      ...defaultCost,
      ...(memoryKiB === undefined ? {} : { memoryKiB }),
      ...(passes === undefined ? {} : { passes }),
    };
    this.#hashing = new HashPool({ cost, ...(maxQueue === undefined ? {} : { maxWaiting: maxQueue }) });
    this.#guard = new LoginGuard(guard, systemClock);
  }

  async init(section: JSONObject, context: LocalStrategyContext): Promise<void> {
    const config = readConfig(section);
    await context.accessors.storage.bootstrap(collections);
    const { Repository } = context.constructors;
    const secret = await resetSecret(new Repository("config"));
    this.#ready = {
      config,
      context,
      store: new CredentialsStore(new Repository("users")),
      policies: new Policies(config.policies, context),
      resetTokens: new ResetTokens(context, secret, config.resetPasswordExpiresInMs),
    };
  }

  close(): Promise<void> {
    return this.#hashing.close();
  }

  get #parts(): Ready {
    if (this.#ready === undefined) throw new Error("The plugin was used before it was initialised.");
    return this.#ready;
  }

  /** Passport's verify: a user, or the same refusal for unknown names and wrong passwords, after the same time. */
  async verify(
    request: { readonly original: KuzzleRequest },
    username: unknown,
    password: unknown,
  ): Promise<{ kuid: string } | Wrong> {
    const { store, policies, resetTokens, context } = this.#parts;
    if (typeof username !== "string" || typeof password !== "string") return wrong;
    const attempt = this.#attempt(request.original, username);
    const present = await store.findByName(username);
    const stored = present ?? (await this.#firstReleases.find(username));
    const { matches, hash } = await this.#verify(password, stored);
    if (stored === undefined) return { ...wrong, reason: "unknown_user" };
    if (!matches) return { ...wrong, reason: "wrong_password", of: stored.kuid };
    attempt.succeeded();
    if (present === undefined && hash !== undefined) await this.#adopt({ ...stored, ...freshHash(hash) });
    else if (hash !== undefined) await store.replace({ ...stored, ...freshHash(hash) });
    const refusal = await policies.refusalOf(stored, Date.now());
    if (refusal === undefined) return { kuid: stored.kuid };
    const current = hash === undefined ? stored : { ...stored, ...freshHash(hash) };
    throw withResetToken(context.kerror.get(refusal), resetTokens.make(current, Date.now()));
  }

  async validate(
    request: KuzzleRequest,
    credentials: JSONObject,
    kuid: string | null,
    _strategy: string,
    isUpdate: boolean,
  ): Promise<true> {
    const { store, policies } = this.#parts;
    const { username, password } = readCredentials(credentials, isUpdate);
    const own = kuid === null ? undefined : await store.findByKuid(kuid);
    if (username !== undefined) {
      const holder = await store.findByName(username);
      if (holder !== undefined && holder.kuid !== kuid)
        throw new PreconditionError(`Login "${username}" is already used.`);
    }
    if (password === undefined) return true;
    const name = username ?? own?.username ?? "";
    const subject = { kuid: kuid ?? request.getKuid() ?? "-1", username: name, password };
    await policies.check(subject, own, async (hash) => (await this.#verify(password, hash)).matches);
    return true;
  }

  async create(
    request: KuzzleRequest,
    credentials: JSONObject,
    kuid: string,
  ): Promise<{ username: string; kuid: string }> {
    const { store } = this.#parts;
    const { username = "", password = "" } = readCredentials(credentials, false);
    if ((await store.findByKuid(kuid)) !== undefined)
      throw new PreconditionError("This user has local credentials already.");
    const hash = await this.#hash(password);
    const updater = request.getKuid();
    try {
      await store.create({ username, kuid, ...freshHash(hash), updater, updatedAt: Date.now(), passwordHistory: [] });
    } catch (error) {
      if (isTaken(error)) throw new PreconditionError(`Login "${username}" is already used.`);
      throw error;
    }
    return { username, kuid };
  }

  async update(
    request: KuzzleRequest,
    credentials: JSONObject,
    kuid: string,
  ): Promise<{ username: string; kuid: string }> {
    const own = await this.#own(kuid);
    await this.#requirePassword(request, own, credentials.currentPassword);
    const { username = own.username, password } = readCredentials(credentials, true);
    const changed = password === undefined ? own : await this.#withPassword(own, password, request.getKuid());
    await this.#save(own, { ...changed, username });
    return { username, kuid };
  }

  async delete(request: KuzzleRequest, kuid: string): Promise<void> {
    const own = await this.#own(kuid);
    const { body } = request.input;
    const given = body !== null && !Array.isArray(body) ? body.currentPassword : undefined;
    await this.#requirePassword(request, own, given);
    await this.#parts.store.delete(own.username);
  }

  async exists(_request: unknown, kuid: string): Promise<boolean> {
    return (await this.#parts.store.findByKuid(kuid)) !== undefined;
  }

  async getInfo(_request: unknown, kuid: string): Promise<{ username: string; kuid: string }> {
    const { username } = await this.#own(kuid);
    return { username, kuid };
  }

  async getById(_request: unknown, id: string): Promise<{ username: string; kuid: string }> {
    const found = await this.#parts.store.findByName(id);
    if (found === undefined) throw new PreconditionError(`There are no local credentials for "${id}".`);
    return { username: found.username, kuid: found.kuid };
  }

  search(body: JSONObject, page: { from: number; size: number }): Promise<unknown> {
    return this.#parts.store.search(checkSearchBody(body), page);
  }

  /** Action `password:getResetPasswordToken`. */
  async getResetPasswordToken(request: KuzzleRequest): Promise<{ resetToken: string }> {
    const { store, resetTokens } = this.#parts;
    const kuid = request.getId();
    const own = await store.findByKuid(kuid);
    if (own === undefined) throw new BadRequestError(`User "${kuid}" has no local credentials.`);
    request.response.setHeader("Cache-Control", "no-store");
    return { resetToken: resetTokens.make(own, Date.now()) };
  }

  /** Action `password:reset`: sets the password and logs in. */
  async reset(request: KuzzleRequest): Promise<unknown> {
    const { store, resetTokens, policies, context } = this.#parts;
    const password = request.getBodyString("password");
    const token = request.getBodyString("token");
    const own = await resetTokens.redeem(token, Date.now(), (kuid) => store.findByKuid(kuid));
    if (password.trim() === "") throw new BadRequestError('"password" must be a text that is not empty.');
    const { kuid, username } = own;
    await policies.check(
      { kuid, username, password },
      own,
      async (hash) => (await this.#verify(password, hash)).matches,
    );
    await store.replace(await this.#withPassword(own, password, kuid));
    request.response.setHeader("Cache-Control", "no-store");
    const body = { username, password };
    const { expiresIn } = request.input.args;
    const login = {
      controller: "auth",
      action: "login",
      strategy: "local",
      body,
      ...(expiresIn !== undefined && { expiresIn }),
    };
    return (await context.accessors.sdk.query(login)).result;
  }

  /** Action `password:getWaits`: the names and addresses that have failed too often, and for how long they wait still. */
  async getWaits(): Promise<{ waits: readonly Wait[] }> {
    return { waits: this.#guard.waits() };
  }

  /** Action `password:liftWaits`: `{ username?, address? }` may try again at once. */
  async liftWaits(request: KuzzleRequest): Promise<{ lifted: number }> {
    const user = request.getBodyString("username", "");
    const address = request.getBodyString("address", "");
    if (user === "" && address === "") throw new BadRequestError('"username" or "address" is required.');
    return { lifted: this.#guard.lift({ user: user || undefined, address: address || undefined }) };
  }

  #attempt(request: KuzzleRequest, username: string): Attempt {
    try {
      return this.#guard.begin(username, request.context.connection.ips);
    } catch (error) {
      const [seconds] = error instanceof KuzzleError ? error.props : [];
      if (typeof seconds === "number") request.response.setHeader("Retry-After", String(seconds));
      throw error;
    }
  }

  /** The password moves out of the user, where anybody who may read users can see its hash. */
  async #adopt(credentials: LocalCredentials): Promise<void> {
    await this.#parts.store.create(credentials);
    await this.#firstReleases.forget(credentials.kuid);
  }

  get #firstReleases(): FirstReleases {
    const { context, config } = this.#parts;
    return new FirstReleases(context, config.older.secret !== undefined);
  }

  async #own(kuid: string): Promise<LocalCredentials> {
    const own = await this.#parts.store.findByKuid(kuid);
    if (own === undefined) throw new PreconditionError(`User "${kuid}" has no local credentials.`);
    return own;
  }

  /** Users who change their own credentials prove that they know the present ones, where the configuration asks for it. */
  async #requirePassword(request: KuzzleRequest, own: LocalCredentials, given: unknown): Promise<void> {
    if (!this.#parts.config.requirePassword || request.getController() !== "auth") return;
    if (typeof given !== "string" || given === "") throw new BadRequestError('"currentPassword" is required.');
    const attempt = this.#attempt(request, own.username);
    if (!(await this.#verify(given, own)).matches) throw new ForbiddenError("The current password is wrong.");
    attempt.succeeded();
  }

  async #withPassword(own: LocalCredentials, password: string, updater: string | null): Promise<LocalCredentials> {
    const { userPassword, userSalt, algorithm, stretching, encryption, updatedAt } = own;
    const past = { userPassword, userSalt, algorithm, stretching, encryption, updatedAt, archivedAt: Date.now() };
    const passwordHistory = [past, ...own.passwordHistory].slice(0, this.#parts.policies.historyLength);
    return { ...own, ...freshHash(await this.#hash(password)), updater, updatedAt: Date.now(), passwordHistory };
  }

  /** A record moves with its user name. */
  async #save(before: LocalCredentials, after: LocalCredentials): Promise<void> {
    const { store } = this.#parts;
    if (before.username === after.username) return store.replace(after);
    try {
      await store.create(after);
    } catch (error) {
      if (isTaken(error)) throw new PreconditionError(`Login "${after.username}" is already used.`);
      throw error;
    }
    await store.delete(before.username);
  }

  #verify(password: string, known: OlderHash | undefined) {
    const stored = known && hashOf(known);
    if (stored !== undefined && !isArgon2(stored.userPassword)) this.#decoy = stored;
    return this.#hashing.run({
      kind: "verify",
      password,
      stored,
      options: this.#parts.config.older,
      decoy: this.#decoy,
    });
  }

  async #hash(password: string): Promise<string> {
    const { hash } = await this.#hashing.run({ kind: "hash", password });
    if (hash === undefined) throw new Error("The hashing thread answered no hash.");
    return hash;
  }
}

/** Only what the thread needs leaves for it. */
const hashOf = ({ userPassword, userSalt, algorithm, stretching, encryption }: OlderHash): OlderHash => ({
  userPassword,
  userSalt,
  algorithm,
  stretching,
  encryption,
});

const freshHash = (userPassword: string): OlderHash => ({
  userPassword,
  userSalt: undefined,
  algorithm: "argon2id",
  stretching: undefined,
  encryption: undefined,
});

const isTaken = (error: unknown): boolean =>
  error instanceof KuzzleError && error.id === "services.storage.document_already_exists";

/** The client needs the token to go on, and the error is all that it gets. */
function withResetToken(error: KuzzleError, resetToken: string): KuzzleError {
  const toJSON = error.toJSON.bind(error);
  return Object.assign(error, { resetToken, toJSON: () => ({ ...toJSON(), resetToken }) });
}

import { type Events, isThenable, type MaybePromise } from "../events/index.ts";
import { type Clock, type KuzzleRequest, kerror, type Logger } from "../kernel/index.ts";
import type { Bus } from "../stores/bus/index.ts";
import type { DocumentStore } from "../stores/documents/index.ts";
import { AuditLog } from "./audit/audit-log.ts";
import { Authorizer } from "./authorize.ts";
import { initialProfiles, initialRoles, writeInitialDocuments } from "./bootstrap.ts";
import { type LoadOptions, loadSecurities, type RunSecurityAction, type Securities } from "./bulk-loading.ts";
import { Changes } from "./changes.ts";
import { DocumentAccess } from "./document-access.ts";
import { identify, tokenOf } from "./identify.ts";
import { clientAddress } from "./login/client-address.ts";
import { LoginSessions } from "./login/login-sessions.ts";
import { type LoginOutcome, logInWithPassport, outcomeOf } from "./login/passport-login.ts";
import { Strategies } from "./login/strategies.ts";
import { OpenGate } from "./open-gate.ts";
import type { SecurityOptions } from "./options.ts";
import type { PublicCollections } from "./profiles/check-profile.ts";
import { Profiles } from "./profiles/profiles.ts";
import { RateLimiter } from "./rate-limiter.ts";
import { Replica } from "./replica.ts";
import { Directory } from "./rights/directory.ts";
import { listRights, type Right } from "./rights/list-rights.ts";
import { isUnholdable } from "./rights/unholdable.ts";
import type { KnownActions } from "./roles/check-role.ts";
import { protectedIds, Roles } from "./roles/roles.ts";
import { ensureInternalIndex, type InternalCollection } from "./storage/internal-index.ts";
import { JsonCollection } from "./storage/json-collection.ts";
import { Searches } from "./storage/search.ts";
import type { Author } from "./storage/stamp.ts";
import { ApiKeys } from "./tokens/api-keys.ts";
import { Keyring } from "./tokens/keyring.ts";
import { TokenLinks } from "./tokens/links.ts";
import { type Rotation, type RotationOptions, rotateSecret } from "./tokens/rotate-secret.ts";
import { SignedRecords } from "./tokens/signed-records.ts";
import { Signer } from "./tokens/signer.ts";
import { Tokens } from "./tokens/tokens.ts";
import { Accounts } from "./users/accounts.ts";
import { User } from "./users/user.ts";
import { Users } from "./users/users.ts";

export interface SecurityDeps {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
  readonly options: SecurityOptions;
  /** Names this node in the audit log; `local` unless given. */
  readonly nodeId?: string;
  /** What roles may name; asked only once every controller is registered. */
  readonly knownActions: KnownActions;
  /** Refusals of roles name the nearest controller or action that exists: for development. False unless given. */
  readonly hints?: boolean;
  /** The public scope, for profiles with `strict`. */
  readonly publicCollections: PublicCollections;
  /** The token of these connections has ended: tell them, and drop their subscriptions. Must not throw. */
  readonly onTokenExpired: (connectionIds: readonly string[]) => void;
  /** The token of these connections was revoked: drop their subscriptions. Must not throw. */
  readonly onTokenRevoked: (connectionIds: readonly string[]) => void;
  /** What this user (undefined: anybody) may hear of documents may have changed. Must not throw. Nobody is told unless given. */
  readonly onRulesChanged?: (kuid: string | undefined) => void;
}

/** What a right is asked for: the top level of a request. */
export interface RightQuestion {
  readonly controller: string;
  readonly action: string;
  readonly index?: unknown;
  readonly collection?: unknown;
  readonly targets?: unknown;
}

/** Deletions of `resetSecurity`; protected roles and profiles are rewritten, and not counted. */
export interface ResetCounts {
  readonly deletedUsers: number;
  readonly deletedProfiles: number;
  readonly deletedRoles: number;
}

/**
 * Users, profiles, roles, tokens and strategies of one server: who asks, and who may do what.
 *
 * The pipeline calls, in this order: `identify`, `authorize`, `limit`. All are synchronous in the usual case.
 */
export interface Security {
  readonly roles: Roles;
  readonly profiles: Profiles;
  readonly users: Users;
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly apiKeys: ApiKeys;
  readonly links: TokenLinks;
  readonly strategies: Strategies;
  readonly searches: Searches;
  readonly options: SecurityOptions;
  /** Which documents and fields a user may reach. */
  readonly documentAccess: DocumentAccess;

  /** Whether a client with these addresses (`connection.ips`) is let in before there is an administrator. */
  isOpenTo(addresses: readonly string[]): MaybePromise<boolean>;
  /** Writes `context.token` and `context.user`. Errors: `security.token.*`, `security.cookie.*`, `security.user.not_found`. */
  identify(request: KuzzleRequest): MaybePromise<void>;
  /** Lets a call from inside pass the rules about documents while it runs; the answer ends that. */
  privilege(request: KuzzleRequest): () => void;
  /**
   * Whether a user may do this: by roles and restrictions, and for actions on collections as a whole by having no rule about their documents.
   * Allocates nothing.
   * Error: `security.profile.not_found` (404) when the user has a profile that does not exist.
   */
  isAllowed(user: User, question: RightQuestion): boolean;
  /**
   * Refuses a request that its user may not make: `security.rights.unauthorized` (401) for the anonymous user and for other machines before
   * there is an administrator, `forbidden` (403) for others, `failsafe_mode_admin_only` (403).
   */
  authorize(request: KuzzleRequest): MaybePromise<void>;
  /** `api.process.too_many_requests`, `too_many_logins_requests` (429). */
  limit(request: KuzzleRequest): void;
  /** What the roles of these profiles say. Error: `security.profile.not_found` (404). */
  rightsOf(profileIds: readonly string[]): readonly Right[];
  /** The user of a request, as {@link identify} found it; for calls from inside the server, the one whose kuid they carry. */
  userOf(request: KuzzleRequest): Promise<User>;
  /** Shows a request to a strategy, and its user to the pipe `auth:strategyAuthenticated`: a user, or a step in between. */
  logIn(strategy: string, request: KuzzleRequest): Promise<LoginOutcome>;

  /** Writes down what became of a request, where that is a matter of security; to be waited for. `origin`: `client`, `server`, `plugin:<name>`. */
  audit(request: KuzzleRequest, origin: string): MaybePromise<void>;
  readonly auditLog: AuditLog;

  /** Who writes, for `_kuzzle_info`. */
  authorOf(request: KuzzleRequest): Author;
  /** Runs `create` while there is no administrator, one call after another. Error: `api.process.admin_exists` (412). */
  firstAdmin(create: () => Promise<User>): Promise<User>;

  /** Writes the configured standard roles and profiles. */
  restrictDefaultRights(author: Author): Promise<void>;
  /**
   * A new secret signs tokens; what the present one has signed stays good until it ends.
   * Error: `security.token.secret_configured` (412).
   */
  rotateTokenSecret(how: RotationOptions): Promise<Rotation>;
  loadSecurities(content: Securities, options: LoadOptions, run: RunSecurityAction): Promise<void>;
  /** Deletes all users, profiles and roles, and writes those of the first start again. */
  resetSecurity(request: KuzzleRequest): Promise<ResetCounts>;
  adminExists(): Promise<boolean>;
  /** Warns of stored roles that name unknown controllers or actions; once all controllers are registered. */
  warnOfUnknownRights(): void;
  /** One collection of the private index: mappings and refresh. */
  collection(name: "users" | "profiles" | "roles"): JsonCollection;
  /** A connection is gone: its link to a token goes with it. */
  removeConnection(connectionId: string): void;
  close(): Promise<void>;
}

/**
 * Opens the private index, writes what an empty one starts with, and loads roles and profiles.
 * Errors: those of the store.
 */
export async function createSecurity(deps: SecurityDeps): Promise<Security> {
  const { store, clock, log, options, events } = deps;
  await ensureInternalIndex(store, options.internalIndex);
  const at = (collection: InternalCollection): JsonCollection =>
    new JsonCollection(store, { index: options.internalIndex.name, collection });
  const collections = { users: at("users"), profiles: at("profiles"), roles: at("roles") };
  const config = at("config");
  const signed = { tokens: at("tokens"), apiKeys: at("api-keys") };
  await writeInitialDocuments({ config, roles: collections.roles, profiles: collections.profiles, clock });
  const records = new SignedRecords(signed.tokens, signed.apiKeys);
  const keyring = await Keyring.open({
    config,
    signed: records,
    clock,
    log,
    configured: options.authToken.secret,
    former: options.authToken.formerSecrets,
  });
  const signer = new Signer(keyring, options.authToken.algorithm);

  const directory = new Directory((controller) => deps.knownActions.synonyms(controller));
  const searches = new Searches(options);
  const changes = new Changes(deps.bus, log, (change) => replica.hear(change));
  const auditLog = new AuditLog({
    collection: at("audit"),
    searches,
    clock,
    log,
    options: options.audit,
    nodeId: deps.nodeId ?? "local",
  });
  const users: Users = new Users({
    collection: collections.users,
    directory,
    changes,
    searches,
    onChanged: (kuid) => documentAccess.changed(kuid),
  });
  const documentAccess = new DocumentAccess({ users, directory, onChanged: (kuid) => deps.onRulesChanged?.(kuid) });
  directory.onChanged = () => documentAccess.changed();
  const check = { known: deps.knownActions, log, hints: deps.hints ?? false };
  const roles = new Roles({ collection: collections.roles, directory, changes, searches, check });
  const profiles = new Profiles({
    collection: collections.profiles,
    directory,
    changes,
    searches,
    publicCollections: deps.publicCollections,
    holders: users,
  });
  const links = new TokenLinks({ clock, onTokenExpired: deps.onTokenExpired, onTokenRevoked: deps.onTokenRevoked });
  const apiKeys = new ApiKeys({
    collection: signed.apiKeys,
    keyring,
    signer,
    clock,
    options: options.apiKey,
    end: (fingerprints) => tokens.end(fingerprints),
  });
  const tokens: Tokens = new Tokens({
    collection: signed.tokens,
    keyring,
    apiKeys,
    signer,
    links,
    changes,
    clock,
    log,
    options: options.authToken,
  });
  const strategies = new Strategies({
    findUser: (kuid) => users.find(kuid),
    pipe: (event, payload) => events.pipe(event, payload),
  });
  const sessions = new LoginSessions(
    () => [keyring.secret, ...keyring.candidates(undefined)],
    clock,
    options.secureCookies,
  );
  const loginDeps = { strategies, sessions, timeoutMs: options.loginTimeoutMs };
  const accounts = new Accounts({ users, strategies, tokens, apiKeys, log });
  const gate = new OpenGate({ users, directory, clock, openUntilAdmin: options.openUntilAdmin });
  const limiter = new RateLimiter(clock);
  let creatingFirst: Promise<void> = Promise.resolve();
  const authorizer = new Authorizer({ users, directory, options });
  const identifyDeps = {
    tokens,
    users,
    links,
    cookieAuthentication: options.cookieAuthentication,
    linkedProtocols: new Set(options.linkedProtocols),
  };

  if (await keyring.hasChanged()) await tokens.purge();
  const replica = new Replica({
    roles: collections.roles,
    profiles: collections.profiles,
    directory,
    users,
    tokens,
    keyring,
    log,
  });
  await replica.load();
  tokens.startSweeping();
  auditLog.start();

  /** By whatever strategy. Calls from inside and from this machine are not counted. */
  const mayLogIn = (ips: readonly string[]): boolean => {
    const address = clientAddress(ips);
    if (address === undefined || address === "local") return true;
    return limiter.allow(`login from ${address}`, options.loginsPerSecondPerAddress);
  };

  const userOf = async (request: KuzzleRequest): Promise<User> => {
    const { user } = request.context;
    if (user instanceof User) return user;
    if (user?._id === null || user?._id === undefined) return users.anonymous;
    return users.get(user._id);
  };

  const isAllowed = (user: User, { controller, action, index, collection, targets }: RightQuestion): boolean => {
    const rights = User.rightsOf(user, directory);
    if (!rights.allow(controller, action, index, collection, targets)) return false;
    if (!rights.hasRules || !isUnholdable(controller, action)) return true;
    return rights.ruleFor(controller, action, index, collection) === undefined;
  };

  return {
    roles,
    profiles,
    users,
    accounts,
    tokens,
    apiKeys,
    links,
    strategies,
    searches,
    options,
    documentAccess,
    isAllowed,
    userOf,
    isOpenTo: (addresses) => gate.isOpenTo(addresses),
    identify: (request) => identify(identifyDeps, request),
    privilege: (request) => documentAccess.privilege(request),
    authorize(request) {
      const open = gate.isOpenTo(request.context.connection.ips);
      return isThenable(open)
        ? open.then((isOpen) => authorizer.check(request, isOpen))
        : authorizer.check(request, open);
    },
    limit(request) {
      const { controller, action } = request.input;
      const { user, connection } = request.context;
      if (controller === "auth" && action === "login") {
        const allowed = connection.id === null || limiter.allow(`login ${connection.id}`, options.loginsPerSecond);
        if (!allowed || !mayLogIn(connection.ips)) throw kerror("api.process.too_many_logins_requests");
        return;
      }
      if (!(user instanceof User)) return;
      if (controller === "auth" && action === "logout" && user !== users.anonymous) return;
      const { rateLimit } = User.rightsOf(user, directory);
      if (!limiter.allow(user._id, rateLimit)) throw kerror("api.process.too_many_requests");
    },
    rightsOf: (profileIds) => listRights(directory.profilesOf(profileIds), directory.roleOf),
    async logIn(strategy, request) {
      const outcome = await logInWithPassport(loginDeps, strategy, request);
      if (outcome.kind === "step") return outcome;
      const payload = { strategy, content: outcome.user, request };
      return outcomeOf(await events.pipe("auth:strategyAuthenticated", payload));
    },
    audit: (request, origin) => auditLog.observe(request, origin),
    auditLog,
    authorOf: (request) => ({ kuid: request.context.user?._id ?? null, at: clock.now() }),
    firstAdmin: (create) => {
      const turn = creatingFirst.then(async () => {
        if (await users.adminExists()) throw kerror("api.process.admin_exists");
        return create();
      });
      creatingFirst = turn.then(nothing, nothing);
      return turn;
    },
    async restrictDefaultRights(author) {
      const write = { author, force: true, strict: false, refresh: true };
      for (const [id, content] of Object.entries(options.standard.roles)) {
        await roles.createOrReplace({ ...write, id, content: { ...content } });
      }
      for (const [id, content] of Object.entries(options.standard.profiles)) {
        await profiles.createOrReplace({ ...write, id, content: { ...content } });
      }
    },
    rotateTokenSecret: (how) => rotateSecret({ keyring, records, tokens, changes, clock }, how),
    loadSecurities: (content, how, run) => loadSecurities(users, content, how, run),
    async resetSecurity(request) {
      let deletedUsers = 0;
      for await (const { id } of collections.users.walk({ match_all: {} })) {
        await accounts.delete(request, id, false);
        deletedUsers++;
      }
      const deletedProfiles = await deleteUnprotected(collections.profiles);
      const deletedRoles = await deleteUnprotected(collections.roles);
      for (const [id, content] of initialRoles) await collections.roles.put(id, content, true);
      for (const [id, content] of initialProfiles) await collections.profiles.put(id, content, true);
      await replica.load();
      users.forget();
      changes.publish({ kind: "everything" });
      return { deletedUsers, deletedProfiles, deletedRoles };
    },
    adminExists: () => users.adminExists(),
    warnOfUnknownRights: () => roles.warnOfUnknownRights(),
    collection: (name) => collections[name],
    removeConnection: (connectionId) => links.unlink(connectionId),
    async close() {
      changes.close();
      tokens.close();
      links.close();
      await replica.close();
      await auditLog.close();
    },
  };
}

const nothing = (): void => {};

async function deleteUnprotected(collection: JsonCollection): Promise<number> {
  const ids: string[] = [];
  for await (const { id } of collection.walk({ match_all: {} })) if (!protectedIds.has(id)) ids.push(id);
  await collection.deleteAll(ids);
  return ids.length;
}

export { tokenOf };

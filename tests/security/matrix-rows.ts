/**
 * What each action is to the rights check: which place its requests name, and who may run it under the standard rights. Written by hand, and
 * on purpose not derived from the code that it is compared with.
 */

/** The part of the storage that a request of the action names: a restriction of a policy applies to it. */
export type Place = "nothing" | "index" | "collection";

export interface Row {
  readonly place: Place;
  /** Whom the rights of `security:restrictDefaultRights` leave the action. */
  readonly standard: readonly ("anonymous" | "default")[];
  /** Whether the role of the restricted user grants it. */
  readonly clerk: boolean;
}

const nobody = [] as const;
const anybody = ["anonymous", "default"] as const;

/** Rows of one kind; `actions` are names with blanks between. */
function rows(
  actions: string,
  place: Place = "nothing",
  { standard = nobody, clerk = false }: Partial<Row> = {},
): Readonly<Record<string, Row>> {
  return Object.fromEntries(actions.split(/\s+/).map((name) => [name, { place, standard, clerk }]));
}

const clerk = { clerk: true } as const;

const memory = rows(
  `append bitcount bitop bitpos dbsize decr decrby del exists expire expireat flushdb geoadd geodist geohash geopos georadius
  georadiusbymember getbit getrange getset hdel hexists hget hgetall hincrby hincrbyfloat hkeys hlen hmget hmset hscan hset hsetnx
  hstrlen hvals incr incrby incrbyfloat keys lindex linsert llen lpop lpush lpushx lrange lrem lset ltrim mexecute mget mset msetnx
  object persist pexpire pexpireat pfadd pfcount pfmerge ping psetex pttl randomkey rename renamenx rpop rpoplpush rpush rpushx sadd
  scan scard sdiff sdiffstore setex setnx sinter sinterstore sismember smembers smove sort spop srandmember srem sscan strlen sunion
  sunionstore time touch ttl type zadd zcard zcount zincrby zinterstore zlexcount zrange zrangebylex zrangebyscore zrank zrem
  zremrangebylex zremrangebyrank zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunionstore`,
);
const memoryOfClerk = rows("get set", "nothing", clerk);

/** By controller, then by action. */
export const matrixRows: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  admin: rows(
    `backup cancelOperation dump loadFixtures loadMappings loadSecurities operations refreshIndexCache resetCache resetDatabase
    resetSecurity shutdown`,
  ),
  auth: {
    ...rows("checkToken getCurrentUser getMyRights", "nothing", { standard: anybody }),
    ...rows("login", "nothing", { standard: ["anonymous"] }),
    ...rows("logout updateSelf", "nothing", { standard: ["default"], clerk: true }),
    ...rows(
      `checkRights createApiKey createMyCredentials createToken credentialsExist deleteApiKey deleteMyCredentials getMyCredentials
      getStrategies refreshToken searchApiKeys updateMyCredentials validateMyCredentials`,
    ),
  },
  bulk: {
    ...rows("import write", "collection", clerk),
    ...rows("deleteByQuery mWrite updateByQuery", "collection"),
  },
  cluster: rows("status"),
  collection: {
    ...rows("exists getMapping", "collection", clerk),
    ...rows("list", "index", clerk),
    ...rows(
      `create delete deleteSpecifications getSettings getSpecifications refresh truncate update updateMapping updateSpecifications
      validateSpecifications`,
      "collection",
    ),
    ...rows("scrollSpecifications searchSpecifications"),
  },
  debug: rows("addListener disable enable nodeVersion post removeListener"),
  document: {
    ...rows(
      `count create createOrReplace delete deleteFields exists get mCreate mCreateOrReplace mDelete mExists mGet mReplace mUpdate
      mUpsert replace search update upsert validate`,
      "collection",
      clerk,
    ),
    ...rows("deleteByQuery export updateByQuery", "collection"),
    ...rows("scroll", "nothing", clerk),
  },
  index: {
    ...rows("exists", "index", clerk),
    ...rows("create delete", "index"),
    ...rows("list", "nothing", clerk),
    ...rows("mDelete stats"),
  },
  "kuzzle-plugin-auth-passport-local/password": rows("getResetPasswordToken getWaits liftWaits reset"),
  memoryStorage: { ...memory, ...memoryOfClerk },
  ms: { ...memory, ...memoryOfClerk },
  realtime: {
    ...rows("publish subscribe validate", "collection", clerk),
    ...rows("count join list unsubscribe", "nothing", clerk),
  },
  security: rows(
    `checkRights createApiKey createCredentials createFirstAdmin createOrReplaceProfile createOrReplaceRole createProfile
    createRestrictedUser createRole createUser deleteApiKey deleteCredentials deleteProfile deleteRole deleteUser
    getAllCredentialFields getCredentialFields getCredentials getCredentialsById getProfile getProfileMapping getProfileRights
    getRole getRoleMapping getUser getUserMapping getUserRights getUserStrategies hasCredentials mDeleteProfiles mDeleteRoles
    mDeleteUsers mGetProfiles mGetRoles mGetUsers refresh replaceUser restrictDefaultRights revokeTokens rotateTokenSecret scrollProfiles scrollUsers
    searchApiKeys searchAudit searchProfiles searchRoles searchUsers searchUsersByCredentials updateCredentials updateProfile
    updateProfileMapping updateRole updateRoleMapping updateUser updateUserMapping upsertUser validateCredentials`,
  ),
  server: {
    ...rows("publicApi", "nothing", { standard: anybody, clerk: true }),
    ...rows("openapi", "nothing", { standard: ["anonymous"] }),
    ...rows("now", "nothing", clerk),
    ...rows("adminExists capabilities getAllStats getConfig getLastStats getStats healthCheck info metrics"),
  },
  // Brought by the application of this test.
  shop: rows("buy", "nothing", clerk),
  tenon: rows("metrics"),
  // Bundled, and there when the configuration includes it.
  totp: rows("confirm disable enrol renewRecoveryCodes status"),
  "totp/totp": rows("confirm disable enrol renewRecoveryCodes status"),
  "test/shop": rows("buy", "nothing", clerk),
};

/** Second names of controllers: roles name the first, and routes lead to it. */
export const aliases: ReadonlySet<string> = new Set(["memoryStorage", "test/shop", "totp/totp"]);

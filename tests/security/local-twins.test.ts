/** The bundled strategy `local` beside the published package of the same name: the same configuration, the same answers, the same records. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type JSONObject, silentLogger, systemClock } from "../../src/kernel/index.ts";
import { createEmbeddedStore } from "../../src/stores/documents/index.ts";
import { enable, makeRoot } from "../../testing/plugins/plugin-server.ts";
import { createUser, mine, type Outcome, open, prepare, Speaker, security } from "./local-scenarios.ts";

const published = join(import.meta.dirname, "../../node_modules/kuzzle-plugin-auth-passport-local-6");
const name = "kuzzle-plugin-auth-passport-local";

type Answers = Readonly<Record<string, Outcome>>;
type Scenario = (speaker: Speaker) => Promise<Answers>;

/** Runs a scenario on a server with the bundled plugin, and on one with the published package in its place. */
async function answersOf(t: TestContext, section: JSONObject, scenario: Scenario): Promise<[Answers, Answers]> {
  const run = async (isPublished: boolean): Promise<Answers> => {
    const { root, remove } = makeRoot();
    t.after(remove);
    if (isPublished) enable(root, name, published);
    await using server = await open(root, section);
    const speaker = new Speaker(server);
    await prepare(speaker);
    return await scenario(speaker);
  };
  return [await run(false), await run(true)];
}

/** `better`: where ours answers something else on purpose, what each of them says. */
const same = (
  title: string,
  section: JSONObject,
  scenario: Scenario,
  better: Readonly<Record<string, { readonly ours: Outcome; readonly theirs: Outcome }>> = {},
): void =>
  void test(title, async (t) => {
    const [ours, theirs] = await answersOf(t, section, scenario);
    const expected = { ...theirs };
    for (const [step, known] of Object.entries(better)) {
      assert.deepEqual(theirs[step], known.theirs, `the published package has changed: ${step}`);
      expected[step] = known.ours;
    }
    assert.deepEqual(ours, expected);
  });

same(
  "credentials are made, read, changed, checked and removed with the same answers",
  {},
  async (speaker) => ({
    created: await createUser(speaker, "ada", "ada", "sesame"),
    login: await speaker.logIn("ada", "sesame"),
    wrong: await speaker.logIn("ada", "wrong"),
    unknown: await speaker.logIn("nobody", "sesame"),
    noPassword: await speaker.logIn("ada", undefined),
    taken: await createUser(speaker, "bob", "ada", "sesame"),
    nameless: await speaker.ask(security("createCredentials", { _id: "root", body: { password: "x" } }), "root"),
    twice: await speaker.ask(security("createCredentials", { body: { username: "b", password: "x" } }), "root"),
    own: await speaker.ask(mine("getMyCredentials"), "ada"),
    byAdmin: await speaker.ask(security("getCredentials"), "root"),
    byId: await speaker.ask(security("getCredentialsById"), "root"),
    has: await speaker.ask(security("hasCredentials"), "root"),
    fields: await speaker.ask(security("getCredentialFields"), "root"),
    validName: await speaker.ask(security("validateCredentials", { body: { username: "new", password: "x" } }), "root"),
    badName: await speaker.ask(security("validateCredentials", { body: { username: "new" } }), "root"),
    withKuid: await speaker.ask(security("updateCredentials", { body: { username: "a", kuid: "x" } }), "root"),
    nothing: await speaker.ask(security("updateCredentials", { body: {} }), "root"),
    renamed: await speaker.ask(mine("updateMyCredentials", { username: "lovelace" }), "ada"),
    oldName: await speaker.logIn("ada", "sesame"),
    newName: await speaker.logIn("lovelace", "sesame"),
    changed: await speaker.ask(mine("updateMyCredentials", { password: "opened" }), "lovelace"),
    oldPassword: await speaker.logIn("lovelace", "sesame"),
    newPassword: await speaker.logIn("lovelace", "opened"),
    removed: await speaker.ask(mine("deleteMyCredentials"), "lovelace"),
    gone: await speaker.logIn("lovelace", "opened"),
    updateGone: await speaker.ask(security("updateCredentials", { body: { password: "x" } }), "root"),
    removeGone: await speaker.ask(security("deleteCredentials"), "root"),
    none: await speaker.ask(security("hasCredentials"), "root"),
  }),
  {
    // The contract has the kuid, and an error that says what is wrong.
    renamed: { ours: [200, { username: "lovelace", kuid: "ada" }], theirs: [200, { username: "lovelace" }] },
    updateGone: { ours: [412, null], theirs: [500, "plugin.runtime.unexpected_error"] },
  },
);

same(
  "requirePassword asks users for the present password, and administrators for nothing",
  { requirePassword: true },
  async (speaker) => ({
    created: await createUser(speaker, "ada", "ada", "sesame"),
    login: await speaker.logIn("ada", "sesame"),
    without: await speaker.ask(mine("updateMyCredentials", { password: "opened" }), "ada"),
    wrong: await speaker.ask(mine("updateMyCredentials", { password: "opened", currentPassword: "no" }), "ada"),
    right: await speaker.ask(mine("updateMyCredentials", { password: "opened", currentPassword: "sesame" }), "ada"),
    byAdmin: await speaker.ask(security("updateCredentials", { body: { password: "again" } }), "root"),
    removeWithout: await speaker.ask(mine("deleteMyCredentials"), "ada"),
    removeWrong: await speaker.ask(mine("deleteMyCredentials", { currentPassword: "opened" }), "ada"),
    removed: await speaker.ask(mine("deleteMyCredentials", { currentPassword: "again" }), "ada"),
  }),
);

const change = (speaker: Speaker, password: string): Promise<Outcome> =>
  speaker.ask(security("updateCredentials", { body: { password } }), "root");

same(
  "forbidLoginInPassword looks for the name in any case, forbidReusedPasswordCount at the last passwords",
  { passwordPolicies: [{ appliesTo: "*", forbidLoginInPassword: true, forbidReusedPasswordCount: 2 }] },
  async (speaker) => ({
    revealing: await createUser(speaker, "bob", "bob", "I-am-BOB"),
    created: await createUser(speaker, "ada", "ada", "first-one"),
    upper: await change(speaker, "xxADAxx"),
    present: await change(speaker, "first-one"),
    second: await change(speaker, "second-one"),
    first: await change(speaker, "first-one"),
    third: await change(speaker, "third-one"),
    forgotten: await change(speaker, "first-one"),
    login: await speaker.logIn("ada", "first-one"),
    renamedInto: await speaker.ask(mine("updateMyCredentials", { username: "first", password: "the-first" }), "ada"),
  }),
);

same(
  "policies apply by users, profiles and roles, all that match; a regular expression may have slashes and flags",
  {
    passwordPolicies: [
      { appliesTo: { users: ["ada"] }, passwordRegex: "^.{6,}$" },
      { appliesTo: { profiles: ["default"] }, passwordRegex: "/[a-z]/i" },
      { appliesTo: { roles: ["default"] }, passwordRegex: "[0-9]" },
      { appliesTo: { roles: ["ghost"] }, passwordRegex: "^never$" },
    ],
  },
  async (speaker) => ({
    created: await createUser(speaker, "ada", "ada", "Sesame-1"),
    short: await change(speaker, "aB1"),
    noLetter: await change(speaker, "1234567"),
    noDigit: await change(speaker, "ABCDEFGH"),
    good: await change(speaker, "ABCDEFG1"),
    bob: await createUser(speaker, "bob", "bob", "Sesame-1"),
    bobShort: await speaker.ask(security("updateCredentials", { _id: "bob", body: { password: "b1" } }), "root"),
    rootFree: await speaker.ask(security("updateCredentials", { _id: "root", body: { password: "-" } }), "root"),
  }),
);

const controller = `${name}/password`;
const resetTokenOf = async (speaker: Speaker, _id: string): Promise<string> =>
  String((await speaker.raw({ controller, action: "getResetPasswordToken", _id }, "root")).result?.resetToken);
const reset = (speaker: Speaker, token: string, password: string): Promise<Outcome> =>
  speaker.ask({ controller, action: "reset", body: { token, password } });

const mustChange: Outcome = [401, `plugin.${name}.must_change_password`];

same(
  "a password that an administrator has set must be changed, but those of administrators",
  { passwordPolicies: [{ appliesTo: "*", mustChangePasswordIfSetByAdmin: true, forbidReusedPasswordCount: 1 }] },
  async (speaker) => {
    const created = await createUser(speaker, "ada", "ada", "sesame");
    const refused = await speaker.logIn("ada", "sesame");
    const wrong = await speaker.logIn("ada", "wrong");
    const token = await resetTokenOf(speaker, "ada");
    return {
      created,
      refused,
      wrong,
      reused: await reset(speaker, token, "sesame"),
      reset: await reset(speaker, token, "opened"),
      login: await speaker.logIn("ada", "opened"),
      forged: await reset(speaker, `${token}x`, "again"),
      nonsense: await reset(speaker, "x", "again"),
      ownChange: await speaker.ask(mine("updateMyCredentials", { password: "mine" }), "ada"),
      afterOwn: await speaker.logIn("ada", "mine"),
      byAdmin: await change(speaker, "admins"),
      refusedAgain: await speaker.logIn("ada", "admins"),
      root: await speaker.ask(security("updateCredentials", { _id: "root", body: { password: "r2" } }), "root"),
      rootLogin: await speaker.logIn("root", "r2"),
      tokenOfNobody: await speaker.ask({ controller, action: "getResetPasswordToken", _id: "nobody" }, "root"),
    };
  },
  {
    // Whoever has the token is the user: theirs takes the anonymous caller for somebody else, and asks for a change again.
    reset: { ours: [200, { _id: "ada" }], theirs: mustChange },
    login: { ours: [200, "ada"], theirs: mustChange },
    ownChange: { ours: [200, { username: "ada", kuid: "ada" }], theirs: [401, "security.token.invalid"] },
    afterOwn: { ours: [200, "ada"], theirs: [401, "plugin.strategy.missing_user"] },
  },
);

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

same(
  "a password expires, and is changed with a token",
  {
    passwordPolicies: [{ appliesTo: { profiles: ["default"] }, expiresAfter: "1s" }],
  },
  async (speaker) => {
    const created = await createUser(speaker, "ada", "ada", "sesame");
    const early = await speaker.logIn("ada", "sesame");
    await sleep(1_050);
    return {
      created,
      early,
      expired: await speaker.logIn("ada", "sesame"),
      wrong: await speaker.logIn("ada", "wrong"),
      reset: await reset(speaker, await resetTokenOf(speaker, "ada"), "opened"),
      login: await speaker.logIn("ada", "opened"),
    };
  },
);

const former = published.replace(/6$/, "5");

for (const [version, section] of [
  [published, {}],
  [published, { stretching: false }],
  [published, { stretching: false, encryption: "hash" }],
  [published, { algorithm: "sha256", digest: "base64" }],
  [published, { algorithm: "sha1", stretching: false, digest: "latin1" }],
  [former, {}],
] as readonly (readonly [string, JSONObject])[]) {
  test(`passwords that the published package ${version.slice(-1)} kept with ${JSON.stringify(section)} log in here, and are argon2id afterwards`, async (t) => {
    const { root, remove } = makeRoot();
    const bare = makeRoot();
    t.after(() => [remove(), bare.remove()]);
    enable(root, name, version);
    const data = join(bare.root, "data");
    {
      await using server = await open(root, section, data);
      const speaker = new Speaker(server);
      await prepare(speaker);
      assert.deepEqual(await createUser(speaker, "ada", "ada", "sésame ✓"), [200, { _id: "ada" }]);
    }
    {
      await using server = await open(bare.root, section, data);
      const speaker = new Speaker(server);
      assert.deepEqual(await speaker.logIn("ada", "sesame"), [401, "plugin.strategy.missing_user"]);
      assert.deepEqual(await speaker.logIn("ada", "sésame ✓"), [200, "ada"]);
      assert.deepEqual(await speaker.logIn("ada", "sésame ✓"), [200, "ada"]);
    }
    const store = await createEmbeddedStore({ directory: data, log: silentLogger, clock: systemClock });
    const kept = await store.find({ index: `plugin-${name}`, collection: "users" }, "ada");
    await store.close();
    assert.match(kept?.source ?? "", /"userPassword":"\$argon2id\$v=19\$m=64,t=1,p=1\$/);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { clientAddress } from "./client-address.ts";
import { defaultLoginGuardOptions, LoginGuard, type LoginGuardOptions } from "./login-guard.ts";

const options: LoginGuardOptions = {
  ...defaultLoginGuardOptions,
  failures: 3,
  failuresPerAddress: 10,
  failuresPerUser: 20,
  firstWaitMs: 1_000,
  maxWaitMs: 8_000,
  forgetAfterMs: 60_000,
  perSecondPerUser: 0,
};

/** A guard, its clock, and what an attempt from an address is answered. */
function start(given: Partial<LoginGuardOptions> = {}) {
  const clock = { at: 1_000_000, now: () => clock.at };
  const guard = new LoginGuard({ ...options, ...given }, clock);
  const attempt = (user: string, address: string, isRight = false): string => {
    try {
      const begun = guard.begin(user, [address]);
      if (isRight) begun.succeeded();
      return "in";
    } catch (error) {
      const { id, props } = error as { id: string; props: unknown[] };
      return id === "security.login.wait" ? `wait ${props[0]}` : id;
    }
  };
  return { clock, guard, attempt };
}

test("failures of an address with a name make it wait, longer each time, never longer than the bound", () => {
  const { clock, attempt } = start();
  const waits: string[] = [];
  for (let i = 0; i < 7; i++) {
    while (attempt("ada", "1.2.3.4") === "in");
    waits.push(attempt("ada", "1.2.3.4"));
    clock.at += Number(waits.at(-1)?.split(" ")[1]) * 1_000;
  }
  assert.deepEqual(waits, ["wait 1", "wait 2", "wait 4", "wait 8", "wait 8", "wait 8", "wait 8"]);
  clock.at += 60_001;
  assert.deepEqual(
    [1, 2, 3, 4].map(() => attempt("ada", "1.2.3.4")),
    ["in", "in", "in", "wait 1"],
    "forgotten after a while",
  );
});

test("attempts during a wait do not make it longer, and a right password ends the count", () => {
  const { clock, attempt } = start();
  for (let i = 0; i < 3; i++) attempt("ada", "1.2.3.4");
  for (let i = 0; i < 100; i++) assert.equal(attempt("ada", "1.2.3.4"), "wait 1");
  clock.at += 1_000;
  assert.equal(attempt("ada", "1.2.3.4", true), "in");
  for (let i = 0; i < 3; i++) assert.equal(attempt("ada", "1.2.3.4"), "in");
});

test("many attempts at once do not get around the count", () => {
  const { guard } = start();
  const begun = Array.from({ length: 50 }, () => {
    try {
      return guard.begin("ada", ["1.2.3.4"]);
    } catch {
      return undefined;
    }
  });
  assert.equal(begun.filter(Boolean).length, 3);
});

test("one address that tries many names waits for all of them; a login of its own does not wipe that out", () => {
  const { attempt } = start();
  for (let i = 0; i < 5; i++) {
    attempt(`victim ${i}`, "6.6.6.6");
    attempt(`victim ${i}`, "6.6.6.6");
    assert.equal(attempt("eve", "6.6.6.6", true), "in");
  }
  assert.equal(attempt("another", "6.6.6.6"), "wait 1");
  assert.equal(attempt("eve", "6.6.6.6", true), "in", "who has logged in from there may go on");
  assert.equal(attempt("another", "7.7.7.7"), "in");
});

test("strangers cannot lock out a user: he gets in from where he has been before, and from the machine itself", () => {
  const { clock, attempt } = start();
  assert.equal(attempt("root", "9.9.9.9", true), "in");
  for (let round = 0; round < 200; round++) {
    attempt("root", `66.0.${round}.1`);
    clock.at += 100;
  }
  assert.match(attempt("root", "5.5.5.5", true), /^wait/, "elsewhere he waits as all others do");
  assert.equal(attempt("root", "9.9.9.9", true), "in");
  assert.equal(attempt("root", "127.0.0.1", true), "in");
  assert.equal(attempt("root", "::1", true), "in");
});

test("an administrator sees who waits, and lifts it by name or by address", () => {
  const { guard, attempt } = start();
  for (let i = 0; i < 3; i++) attempt("ada", "1.2.3.4");
  assert.deepEqual(guard.waits(), [{ user: "ada", address: "1.2.3.4", failures: 3, seconds: 1 }]);
  assert.equal(guard.lift({ user: "bob" }), 0);
  assert.equal(guard.lift({ user: "ada" }), 1);
  assert.equal(attempt("ada", "1.2.3.4"), "in");
  for (let i = 0; i < 10; i++) attempt(`name ${i}`, "1.2.3.4");
  assert.match(attempt("carl", "1.2.3.4"), /^wait/);
  assert.equal(guard.lift({ address: "1.2.3.4" }), 1);
  assert.equal(attempt("carl", "1.2.3.4"), "in");
});

test("logins within a second are bounded by name, whatever the address, and calls from inside by nothing", () => {
  const { clock, guard, attempt } = start({
    failures: 0,
    failuresPerAddress: 0,
    failuresPerUser: 0,
    perSecondPerUser: 2,
  });
  const tooMany = "api.process.too_many_logins_requests";
  assert.deepEqual(
    [attempt("ada", "1.1.1.1"), attempt("ada", "2.2.2.2"), attempt("ada", "3.3.3.3"), attempt("bob", "3.3.3.3")],
    ["in", "in", tooMany, "in"],
  );
  clock.at += 1_000;
  assert.equal(attempt("ada", "3.3.3.3"), "in");
  for (let i = 0; i < 100; i++) guard.begin("ada", []);
});

test("a client's address is its peer's, or what its own proxy saw; of IPv6 the network", () => {
  const cases: readonly [readonly string[], string | undefined][] = [
    [[], undefined],
    [["127.0.0.1"], "local"],
    [["::1"], "local"],
    [["8.8.8.8"], "8.8.8.8"],
    [["8.8.8.8", "127.0.0.1"], "8.8.8.8"],
    [["127.0.0.1", "6.6.6.6", "8.8.8.8"], "8.8.8.8"],
    [["::ffff:10.0.0.3", "8.8.8.8"], "8.8.8.8"],
    [["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"],
    [["2001:DB8:1::6"], "2001:db8:1:0::/64"],
    [["127.0.0.1", "one two"], "onetwo"],
  ];
  for (const [ips, expected] of cases) assert.equal(clientAddress(ips), expected, ips.join(" "));
});

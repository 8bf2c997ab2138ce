import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { TokenLinks } from "./links.ts";
import { Token } from "./token.ts";

const day = 86_400_000;

interface Bench {
  readonly links: TokenLinks;
  readonly expired: string[];
  readonly revoked: string[];
}

function bench(): Bench {
  const expired: string[] = [];
  const revoked: string[] = [];
  const links = new TokenLinks({
    clock: { now: () => Date.now() },
    onTokenExpired: (ids) => expired.push(...ids),
    onTokenRevoked: (ids) => revoked.push(...ids),
  });
  return { links, expired, revoked };
}

const token = (name: string, expiresAt: number): Token =>
  new Token({ userId: name, jwt: `kauth-${name}`, fingerprint: name, ttl: 0, expiresAt });

/** Runs with the clock and the timers in the test's hands. */
function withTime(run: (bench: Bench) => void): void {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 0 });
  const made = bench();
  try {
    run(made);
  } finally {
    made.links.close();
    mock.timers.reset();
  }
}

test("connections hear of the end of their token, once each and in its time", () => {
  withTime(({ links, expired }) => {
    links.link("c1", token("late", 300));
    links.link("c2", token("early", 100));
    links.link("c3", token("early", 100));
    links.link("c4", token("never", -1));
    mock.timers.tick(99);
    assert.deepEqual(expired, []);
    mock.timers.tick(1);
    assert.deepEqual(expired, ["c2", "c3"]);
    mock.timers.tick(1_000);
    assert.deepEqual(expired, ["c2", "c3", "c1"]);
    assert.equal(links.size, 1);
  });
});

test("a token that lives longer than a timer can wait ends in its time, not at once", () => {
  withTime(({ links, expired }) => {
    links.link("c", token("long", 60 * day));
    mock.timers.tick(30 * day);
    assert.deepEqual(expired, []);
    mock.timers.tick(30 * day - 1);
    assert.deepEqual(expired, []);
    mock.timers.tick(1);
    assert.deepEqual(expired, ["c"]);
  });
});

test("a connection has one token: a new one takes the place of the old", () => {
  withTime(({ links, expired }) => {
    links.link("c", token("first", 100));
    links.link("c", token("second", 200));
    mock.timers.tick(150);
    assert.deepEqual(expired, []);
    links.unlink("c");
    links.unlink("c");
    mock.timers.tick(150);
    assert.deepEqual(expired, []);
  });
});

test("refreshed tokens hand their connections over, revoked ones drop them silently", () => {
  withTime(({ links, expired, revoked }) => {
    links.link("c1", token("old", 100));
    links.link("c2", token("other", 100));
    links.move("old", "new", 500, token("new", 500));
    links.move("ghost", "new", 500, undefined);
    links.revoke(["other", "ghost"]);
    mock.timers.tick(200);
    assert.deepEqual([expired, revoked], [[], ["c2"]]);
    assert.equal(links.tokenOf("c1")?.fingerprint, "new");
    mock.timers.tick(300);
    assert.deepEqual(expired, ["c1"]);
  });
});

test("many tokens end in order, whatever the order in which they came", () => {
  withTime(({ links, expired }) => {
    const ends = Array.from({ length: 1_000 }, (_, i) => ((i * 7_919) % 1_000) + 1);
    for (const end of ends) links.link(`${end}`, token(`t${end}`, end));
    // Churn: tokens that are gone must not pile up, nor disturb the others.
    for (let i = 0; i < 5_000; i++) {
      links.link("churn", token(`churn${i}`, 10_000 + i));
      links.unlink("churn");
    }
    mock.timers.tick(2_000);
    assert.deepEqual(
      expired.map(Number),
      [...ends].sort((a, b) => a - b),
    );
    assert.equal(links.size, 0);
  });
});

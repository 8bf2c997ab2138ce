import { bool, duration, integer, ms, section, text, texts } from "./option.ts";

export const tenon = section("Tenon's own options.", {
  data: text("data", "Directory of the embedded engine's files, relative to the root."),
  enablePlugins: text(
    "",
    "Packages of `plugins/available` to load beside those in `plugins/enabled`: names of their folders, separated by commas.",
  ),
  security: section("Before there is an administrator, cookies, and after a secret has changed.", {
    openUntilAdmin: bool(
      false,
      "Until the first administrator exists, serve requests from other machines too. Without it they are refused.",
    ),
    secureCookies: bool(
      false,
      "Set `Secure` on every cookie. Without it, on those of requests that a proxy has received by TLS, as `X-Forwarded-Proto: https` says.",
    ),
    formerTokenSecrets: texts(
      [],
      "Earlier values of security.authToken.secret. They sign nothing, but tokens and API keys that they have signed stay good.",
    ),
  }),
  password: section("How passwords are hashed (argon2id).", {
    memoryKiB: { ...integer(19_456, "Memory used by one hash.", 8), maximum: 4_194_304, unit: "KiB" },
    passes: { ...integer(2, "Passes over that memory.", 1), maximum: 1000 },
    maxQueue: integer(100, "Hashes that may wait; further logins are refused with status 429.", 1),
  }),
  login: section(
    "How users log in, and how guessing of passwords and codes is slowed down. A count of 0 is no limit. Whoever calls from this machine is held up by `failures` only.",
    {
      timeout: ms(
        30_000,
        "How long a strategy may take to answer, its provider included; then the login fails with status 504. 0 for as long as it likes.",
      ),
      failures: integer(10, "Failures of one address with one user name before it waits for that name."),
      failuresPerAddress: integer(100, "Failures of one address before it waits for every name."),
      failuresPerUser: integer(
        100,
        "Failures with one user name before addresses wait from which that user has not logged in yet.",
      ),
      firstWait: ms(1_000, "The first wait; each further failure doubles it.", 1),
      maxWait: ms(900_000, "The longest wait.", 1),
      forgetAfter: ms(3_600_000, "Failures are forgotten after so long without an attempt.", 1),
      perSecondPerAddress: integer(20, "Logins of one address within a second, by whatever strategy."),
      perSecondPerUser: integer(5, "Logins with one user name within a second."),
    },
  ),
  audit: section("The audit log: who did what to users, rights, credentials and tokens.", {
    enabled: bool(true, "Write it. Off: nothing is written; what is there stays."),
    maxAge: duration("90d", "Older entries are removed."),
    maxEntries: integer(100_000, "Of more entries the oldest are removed.", 1),
    refusalsPerMinute: integer(
      60,
      "Refusals and failures that are kept within a minute of one address, action and error; ten times as many of all together. The others are counted.",
      1,
    ),
  }),
  backup: section("Backups that a client asks for: the action `admin:backup`.", {
    path: text("backups", "Folder in which they are written, relative to the root; empty: none may be asked for."),
  }),
  metrics: section("Figures for Prometheus at `GET /metrics`.", {
    token: text(
      "",
      "A scraper that sends this as its bearer token may read them; without one, whoever has the right `tenon:metrics`.",
    ),
  }),
  watchdog: section("Plugins that block the event loop.", {
    warnAfter: ms(1_000, "A loop that stands still for longer is logged with the plugin that runs; 0 for never."),
    thread: bool(
      false,
      "Watch from a thread of its own, which takes about 11 MiB: it tells while the loop stands still, not afterwards, and finds the line of code.",
    ),
    endAfter: ms(
      0,
      "A loop that stands still for so long ends the process with code 86, for its supervisor; 0 for never. It needs the thread, and starts it.",
    ),
  }),
  supervise: bool(
    false,
    "`tenon start` runs the server in a second process, and starts it again when that ends unexpectedly.",
  ),
});

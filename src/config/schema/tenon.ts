import { bool, integer, ms, section, text } from "./option.ts";

export const tenon = section("Tenon's own options.", {
  data: text("data", "Directory of the embedded engine's files, relative to the root."),
  enablePlugins: text(
    "",
    "Packages of `plugins/available` to load beside those in `plugins/enabled`: names of their folders, separated by commas.",
  ),
  security: section("Before there is an administrator.", {
    openUntilAdmin: bool(
      false,
      "Until the first administrator exists, serve requests from other machines too. Without it they are refused.",
    ),
  }),
  login: section("How users log in.", {
    timeout: ms(
      30_000,
      "How long a strategy may take to answer, its provider included; then the login fails with status 504. 0 for as long as it likes.",
    ),
  }),
  password: section("How passwords are hashed (argon2id).", {
    memoryKiB: { ...integer(19_456, "Memory used by one hash.", 8), maximum: 4_194_304, unit: "KiB" },
    passes: { ...integer(2, "Passes over that memory.", 1), maximum: 1000 },
    maxQueue: integer(100, "Hashes that may wait; further logins are refused with status 429.", 1),
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

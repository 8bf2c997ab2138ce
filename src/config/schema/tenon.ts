import { bool, integer, section, text } from "./option.ts";

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
  password: section("How passwords are hashed (argon2id).", {
    memoryKiB: { ...integer(19_456, "Memory used by one hash.", 8), maximum: 4_194_304, unit: "KiB" },
    passes: { ...integer(2, "Passes over that memory.", 1), maximum: 1000 },
    maxQueue: integer(100, "Hashes that may wait; further logins are refused with status 429.", 1),
  }),
});

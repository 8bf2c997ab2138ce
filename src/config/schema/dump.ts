import { bool, integer, ms, section, text, texts } from "./option.ts";

export const dump = section("Diagnostic dumps.", {
  enabled: bool(
    false,
    "Write a dump by itself when the server crashes or an error asks for it; admin:dump always works.",
  ),
  history: section("How many dumps are kept.", {
    coredump: integer(3, "Dumps that keep their core file."),
    reports: integer(5, "Dumps kept; the oldest ones are deleted."),
  }),
  path: text("./dump/", "Directory of the dumps, relative to the root."),
  gcore: text("gcore", "Program that writes the core file of a crash, or of a dump that asks for one."),
  dateFormat: text("YYYYMMDD-HHmmss", "Date at the start of a dump's directory name."),
  handledErrors: section("Dumps caused by errors that were answered to a client.", {
    enabled: bool(true, "Dump on such errors, when dump.enabled is true."),
    whitelist: texts(
      ["RangeError", "TypeError", "KuzzleError", "InternalError"],
      "Names of the error classes that cause a dump.",
    ),
    minInterval: ms(600_000, "Least time between two dumps for one class of error."),
  }),
});

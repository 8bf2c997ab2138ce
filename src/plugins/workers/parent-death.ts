import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Where util-linux has it; a process gets no search path of its own. */
const places = ["/usr/bin/setpriv", "/bin/setpriv"] as const;

/**
 * A program that starts another one so that the system ends it when this process does, whatever it is doing; undefined where there is none. A
 * process hears of our end by its channel, but not while it loops. Called once: it tries the program.
 */
export function findDeathBinder(): readonly string[] | undefined {
  const setpriv = process.platform === "linux" ? places.find((place) => existsSync(place)) : undefined;
  if (setpriv === undefined) return undefined;
  const command = [setpriv, "--pdeathsig", "SIGKILL", "--"];
  const { status } = spawnSync(setpriv, [...command.slice(1), setpriv, "--version"], { stdio: "ignore" });
  return status === 0 ? command : undefined; // older and smaller ones do not know the option
}

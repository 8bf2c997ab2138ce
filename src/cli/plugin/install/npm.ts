import { spawn } from "node:child_process";
import { Failure } from "../failure.ts";

/** Never: scripts of packages. Shortly: a registry that does not answer is tried twice. */
const always = [
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
  "--fetch-retries=1",
  "--fetch-retry-mintimeout=500",
];

/**
 * Runs the npm of the machine, with its configuration, in a folder. `subject` is what the message of a failure is about.
 * Errors: {@link Failure}, in plain words; the abortion of `signal`.
 */
export async function runNpm(
  args: readonly string[],
  cwd: string,
  subject: string,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn("npm", [...args, ...always], {
    cwd,
    signal,
    stdio: ["ignore", "ignore", "pipe"],
    shell: process.platform === "win32", // npm is a script there
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (said.length < 65_536) said += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new Failure("npm is not installed, or not on the PATH") : error);
    });
    child.once("close", resolve);
  });
  if (code !== 0) throw new Failure(reasonOf(said, subject));
}

const unreachable = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "ECONNRESET",
  "ENOTCACHED",
  "ERR_SOCKET_TIMEOUT",
]);

/** npm says its code first, then sentences of its own. */
function reasonOf(said: string, subject: string): string {
  const code = /npm (?:error|ERR!) code (\S+)/.exec(said)?.[1] ?? "";
  if (unreachable.has(code)) {
    const where = /https?:\/\/[^\s/]+/.exec(said)?.[0] ?? "that it comes from";
    return `${subject} cannot be fetched: the server ${where} cannot be reached (${code})`;
  }
  switch (code) {
    case "E404":
      return `${subject} does not exist in the registry, or is not for everybody`;
    case "ETARGET":
      return `${subject} does not exist in this version`;
    case "E401":
    case "E403":
    case "ENEEDAUTH":
      return `${subject} is refused: log in by npm first (${code})`;
    case "128":
      return `${subject} cannot be fetched by git: ${gitReason(said)}`;
    default:
      return `${subject} cannot be installed by npm: ${firstLine(said)}`;
  }
}

const gitReason = (said: string): string =>
  /(?:fatal|ERROR): (.+)/.exec(said)?.[1] ?? "the repository cannot be read, or has no such branch or tag";

const firstLine = (said: string): string => {
  const lines = said.split("\n").map((line) => line.replace(/^npm (?:error|ERR!)\s*/, "").trim());
  return lines.find((line) => line !== "" && !line.startsWith("code ")) ?? "it says nothing";
};

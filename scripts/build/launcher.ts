/** The oldest Node that runs the product; `package.json` allows older ones to install it, because a newer one comes with it. */
const oldest = [24, 7] as const;

/**
 * Bytes. The allocator of Linux (glibc) gives a freed block of this size and more back to the system at once, when its environment says so; it
 * would otherwise learn from the first large one that is freed to keep up to 32 MiB of each. A server that has imported a million documents holds a
 * fifth less (docs/decisions/0018-memory-that-is-given-back.md).
 */
const givenBack = { MALLOC_MMAP_THRESHOLD_: "524288", MALLOC_TRIM_THRESHOLD_: "1048576" };

/**
 * `dist/cli/main.js`: written for an old Node too, because that may be what the machine has. It goes on in this process when Node is new enough,
 * else with the Node that came as a platform package, else it says what is missing. On Linux the server takes the place of this process with
 * the environment for its allocator. What was compiled is kept for the next start.
 */
export const launcher = `#!/usr/bin/env node
import { spawn } from "node:child_process";
import nodeModule from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const program = new URL("./program.js", import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const givenBack = ${JSON.stringify(givenBack)};
const isNewEnough = major > ${oldest[0]} || (major === ${oldest[0]} && minor >= ${oldest[1]});

if (isNewEnough) {
  if (wantsAllocator()) startAnew();
  keepCompiled();
  await import(program.href);
} else {
  const node = findBundledNode();
  if (node === undefined) {
    console.error(
      "tenon needs Node ${oldest.join(".")} or newer; this is Node " + process.versions.node + ".\\n" +
        "Install a newer one, or let npm bring it: npm install --include=optional tenon",
    );
    process.exitCode = 1;
  } else {
    runWith(node);
  }
}

// A parent that talks to this process would lose it, and so would a debugger; the timer of a profiler would end it while it is replaced.
function wantsAllocator() {
  const isServer = process.platform === "linux" && process.argv[2] === "start";
  const options = [process.env.NODE_OPTIONS ?? "", ...process.execArgv].join(" ");
  const isHeld = process.channel !== undefined || /(^| )--(inspect|cpu-prof|prof)/.test(options);
  return isServer && !isHeld && process.env.MALLOC_MMAP_THRESHOLD_ === undefined;
}

function startAnew() {
  try {
    const argv = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
    process.execve?.(process.execPath, argv, { ...process.env, ...givenBack });
  } catch {
    // not allowed here: it takes more memory
  }
}

function keepCompiled() {
  try {
    const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tenon");
    nodeModule.enableCompileCache(folder);
    process.env.NODE_COMPILE_CACHE ??= folder; // each thread asks for itself
  } catch {
    // nobody has a home here: it compiles again each time
  }
}

function findBundledNode() {
  const require = nodeModule.createRequire(import.meta.url);
  const names = ["node-" + process.platform + "-" + process.arch, "node-bin-" + process.platform + "-" + process.arch];
  if (process.platform === "win32") names.unshift("node-win-" + process.arch);
  for (const name of names) {
    try {
      const home = dirname(require.resolve(name + "/package.json"));
      return join(home, "bin", process.platform === "win32" ? "node.exe" : "node");
    } catch {
      // not for this machine
    }
  }
  return undefined;
}

function runWith(node) {
  const env = wantsAllocator() ? { ...process.env, ...givenBack } : process.env;
  const argv = [...process.execArgv, fileURLToPath(program), ...process.argv.slice(2)];
  const child = spawn(node, argv, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => {
    console.error("tenon: cannot run " + node + ": " + error.message);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
  });
}
`;

/** The oldest Node that runs the product; `package.json` allows older ones to install it, because a newer one comes with it. */
const oldest = [24, 7] as const;

/**
 * `dist/cli/main.js`: written for an old Node too, because that may be what the machine has. It goes on in this process when Node is new enough,
 * else with the Node that came as a platform package, else it says what is missing.
 */
export const launcher = `#!/usr/bin/env node
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const program = new URL("./program.js", import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isNewEnough = major > ${oldest[0]} || (major === ${oldest[0]} && minor >= ${oldest[1]});

if (isNewEnough) {
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

function findBundledNode() {
  const require = createRequire(import.meta.url);
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
  const child = spawn(node, [...process.execArgv, fileURLToPath(program), ...process.argv.slice(2)], { stdio: "inherit" });
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

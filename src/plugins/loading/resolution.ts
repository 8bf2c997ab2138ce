import { createRequire, type ResolveHookContext, registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ownModule } from "../realm/own-module.ts";
import { versionedUrl } from "./code-versions.ts";
import { adoptDependency, pluginRootOf } from "./plugin-roots.ts";
import { loadTypeScript } from "./type-script.ts";

// Not imported: a server whose plugins ask for nothing starts without them.
const exportsUrl = ownModule("../kuzzle/exports", import.meta.url);
const authoringUrl = ownModule("../authoring/exports", import.meta.url);
const commonObjectsUrl = ownModule("../kuzzle/common-objects", import.meta.url);

/** Deep paths that published plugins import; all they take from there is among the exports. */
const deepPaths = new Set([
  "types",
  "api/request",
  "kerror/errors",
  "core/backend",
  "core/plugin/pluginContext",
  "util/Inflector",
  "util/mutex",
]);

/** Old packages use these without declaring them: they were found beside the server, and may be there again. */
const foundBeside = ["async", "bluebird", "lodash", "q", "uuid", "winston"];
const lentPackages = new Set(["passport", "passport-local", "semver", "ws", ...foundBeside]);

/** Small enough to stand in for when they are not installed. */
const standIns: ReadonlyMap<string, string> = new Map(
  ["bluebird", "q", "uuid"].map((name) => [name, ownModule(`./restored/${name}`, import.meta.url)]),
);

/** Whether plugins find a package of this name without having it: it is this server, or comes from it. */
export const isProvided = (name: string): boolean =>
  name === "kuzzle" ||
  name === "tenon" ||
  name === "kuzzle-common-objects" ||
  lentPackages.has(name) ||
  standIns.has(name);

type NextResolve = Parameters<NonNullable<Parameters<typeof registerHooks>[0]["resolve"]>>[2];
type Resolved = ReturnType<NextResolve>;

let installed = false;
let lookingUp = false;

/**
 * Makes `kuzzle`, its deep paths, `kuzzle-common-objects` and `tenon` mean this server's own exports for all code under a plugin root, whatever
 * copy lies there, for `require` and `import` alike. One hook for the process: the exports find their server by the running plugin.
 * Source: contract/plugins/v2.md section 11; contract/plugins/generations.md section 4.
 */
export function installResolution(): void {
  if (installed) return;
  installed = true;
  registerHooks({ resolve: resolveForPlugins, load: loadTypeScript });
}

function resolveForPlugins(specifier: string, context: ResolveHookContext, nextResolve: NextResolve): Resolved {
  const { parentURL } = context;
  if (lookingUp || parentURL === undefined || !parentURL.startsWith("file:")) return nextResolve(specifier, context);
  const root = pluginRootOf(fileURLToPath(parentURL));
  if (root === undefined) return nextResolve(specifier, context);
  const own = ownExports(specifier) ?? restoredModule(specifier, context);
  if (own !== undefined) return { url: own, shortCircuit: true };
  let resolved: Resolved;
  try {
    resolved = nextResolve(specifier, context);
  } catch (error) {
    const found = findElsewhere(specifier, fileURLToPath(parentURL), root.lookups);
    const url = found === undefined ? standIns.get(specifier) : pathToFileURL(found).href;
    if (url === undefined) throw withCommand(specifier, error);
    resolved = { url, shortCircuit: true };
  }
  if (resolved.url.startsWith("file:")) adoptDependency(fileURLToPath(resolved.url), root);
  const url = versionedUrl(resolved.url, parentURL);
  return url === resolved.url ? resolved : { ...resolved, url };
}

/** What was found beside the server then, and is too large to stand in for, is to be installed. */
function withCommand(specifier: string, error: unknown): unknown {
  const [name = ""] = specifier.split("/");
  if (!foundBeside.includes(name)) return error;
  const why = `The plugin uses "${name}" and does not bring it: servers of its time had it. Run: npm install ${name}`;
  return Object.assign(new Error(why, { cause: error }), { code: "MODULE_NOT_FOUND" });
}

function ownExports(specifier: string): string | undefined {
  if (specifier === "kuzzle") return exportsUrl;
  if (specifier === "tenon") return authoringUrl;
  if (specifier === "kuzzle-common-objects") return commonObjectsUrl;
  if (!specifier.startsWith("kuzzle/")) return undefined;
  const path = specifier.replace(/^kuzzle\/(dist\/)?(lib\/)?/, "").replace(/(\/index)?(\.[jt]s)?$/, "");
  if (path === "" || deepPaths.has(path)) return exportsUrl;
  throw new Error(
    `"${specifier}" is inside of another server and does not exist here. What plugins need is exported by "kuzzle" itself.`,
  );
}

/** Modules of Node that have lost what older packages use; for `require` only: an ES module could not name such members. */
const restoredModules: ReadonlyMap<string, string> = new Map([
  ["util", ownModule("./restored/util", import.meta.url)],
  ["buffer", ownModule("./restored/buffer", import.meta.url)],
]);

function restoredModule(specifier: string, { conditions }: ResolveHookContext): string | undefined {
  if (conditions?.includes("require") !== true) return undefined;
  return restoredModules.get(specifier.replace(/^node:/, ""));
}

const isBare = (specifier: string): boolean => /^[^./]/.test(specifier) && !specifier.includes(":");

/** What the standard rules do not find: packages beside the link to the plugin, in the application, or lent by the server; and sources without extension. */
function findElsewhere(specifier: string, parent: string, lookups: readonly string[]): string | undefined {
  if (!isBare(specifier)) {
    if (!specifier.startsWith(".") || !/\.[cm]?ts$/.test(parent)) return undefined;
    const endings = [".ts", ".js", "/index.ts", "/index.js"];
    return firstFound(
      endings.map((ending) => () => createRequire(parent).resolve(specifier.replace(/\.js$/, "") + ending)),
    );
  }
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  return firstFound([
    ...lookups.map((folder) => () => createRequire(`${folder}/`).resolve(specifier)),
    ...(lentPackages.has(name) ? [() => createRequire(import.meta.url).resolve(specifier)] : []),
  ]);
}

function firstFound(attempts: readonly (() => string)[]): string | undefined {
  lookingUp = true;
  try {
    for (const attempt of attempts) {
      try {
        return attempt();
      } catch {
        // The next place may have it; the caller reports the first failure.
      }
    }
    return undefined;
  } finally {
    lookingUp = false;
  }
}

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";
import type { PackageFacts } from "../discovery/package-facts.ts";
import { mainFile } from "../loading/load-package.ts";
import { isProvided } from "../loading/resolution.ts";
import type { Problem } from "./problem.ts";

/** What is wrong with a package before any of its code runs. */
export function checkFiles(facts: PackageFacts, root: string): Problem[] {
  return [...checkMain(facts), ...checkManifest(facts), ...checkDependencies(facts, root)];
}

function checkMain({ realPath, packageJson }: PackageFacts): Problem[] {
  let main: string;
  try {
    main = mainFile(realPath, packageJson);
  } catch (error) {
    const hint = 'Build the package, or name its main file in package.json ("main").';
    return [{ id: "missing-main", severity: "error", message: (error as Error).message, hint }]; // it throws errors only
  }
  if (!/\.[cm]?ts$/.test(main) || packageJson.private === true || isBuiltForPublishing(packageJson)) return [];
  return [
    {
      id: "typescript-only",
      severity: "error",
      message: `Its main file is TypeScript (${basename(main)}), and nothing makes JavaScript of it when it is published.`,
      hint: 'Compile it in a script "prepack" and name the result in "main"; or write "private": true if it is never published.',
    },
  ];
}

/** npm runs these before it packs. */
function isBuiltForPublishing({ scripts, main, exports }: JSONObject): boolean {
  const isNamed = [main, JSON.stringify(exports) ?? ""].some((it) => typeof it === "string" && /\.[cm]?js\b/.test(it));
  return isNamed && isPlainObject(scripts) && ["prepack", "prepare", "prepublishOnly"].some((name) => name in scripts);
}

function checkManifest({ manifest, name }: PackageFacts): Problem[] {
  if (manifest === undefined || manifest.kuzzleVersion !== undefined) return [];
  return [
    {
      id: "manifest-without-version",
      severity: "warning",
      message: `manifest.json of "${name}" does not say for which server it was written.`,
      hint: 'Add "kuzzleVersion": ">=2.0.0 <3.0.0", or the range that is right.',
    },
  ];
}

/** Packages that it names and that code in its folder would not find. */
function checkDependencies({ realPath, path, packageJson }: PackageFacts, root: string): Problem[] {
  const named = [...wantedOf(packageJson)].filter((name) => !isProvided(name));
  const missing = named.filter((name) => ![realPath, path, root].some((folder) => isInstalled(name, folder)));
  if (missing.length === 0) return [];
  return [
    {
      id: "missing-dependency",
      severity: "error",
      message: `Packages that it depends on are not installed: ${missing.join(", ")}.`,
      hint: `Run: npm install --omit=dev --prefix ${realPath}`,
    },
  ];
}

function* wantedOf({ dependencies, peerDependencies, peerDependenciesMeta }: JSONObject): Generator<string> {
  if (isPlainObject(dependencies)) yield* Object.keys(dependencies);
  if (!isPlainObject(peerDependencies)) return;
  const meta = isPlainObject(peerDependenciesMeta) ? peerDependenciesMeta : {};
  for (const name of Object.keys(peerDependencies)) {
    const about = meta[name];
    if (!(isPlainObject(about) && about.optional === true)) yield name;
  }
}

function isInstalled(name: string, folder: string): boolean {
  const lookup = createRequire(join(folder, "package.json")).resolve.paths(name) ?? [];
  return lookup.some((place) => existsSync(join(place, name)));
}

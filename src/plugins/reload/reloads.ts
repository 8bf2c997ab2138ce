import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { stateNumbers } from "../../api/index.ts";
import { didYouMean, KuzzleError, kerror, kerrorFrom } from "../../kernel/index.ts";
import { checkContributions } from "../capabilities/check-contributions.ts";
import type { PluginHostDeps } from "../deps.ts";
import type { Found } from "../discovery/discover.ts";
import { enabledPackages } from "../discovery/enabled.ts";
import { FreshCode, RestartNeeded } from "../loading/fresh-code.ts";
import { checkVersions } from "../ordering/check-versions.ts";
import { sortPlugins } from "../ordering/sort-plugins.ts";
import { exchange } from "../running/exchange.ts";
import type { PluginList } from "../running/plugin-list.ts";
import type { RunningPlugin } from "../running/running-plugin.ts";
import type { ReloadOutcome } from "./outcome.ts";
import { tellOfShutdown, tellOfStart } from "./own-events.ts";
import { causesOf, placeInCode } from "./place-in-code.ts";
import { rediscover } from "./rediscover.ts";

export interface ReloadsDeps {
  readonly host: PluginHostDeps;
  readonly plugins: PluginList;
  /** Runs the code of a plugin up to its constructor. What it registers by calls waits. */
  readonly make: (found: Found) => Promise<RunningPlugin>;
  /** Ends what a plugin listens to beside its pipes and hooks. */
  readonly release: (plugin: RunningPlugin) => Promise<void>;
}

/** How long a plugin that was replaced may still be used by requests that run. A guess: longer than any request of a server in development. */
const lingerMs = 5_000;

/** Loads plugins of a running server again, each one's reloads one after the other. */
export class Reloads {
  readonly #deps: ReloadsDeps;
  /** The last reload of each plugin that has one. */
  readonly #last = new Map<string, Promise<ReloadOutcome>>();
  /** Plugins that were replaced, and are not closed yet. */
  readonly #closing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(deps: ReloadsDeps) {
    this.#deps = deps;
  }

  /** Never rejects. `changed`: the files that are the reason, for the log. */
  reload(name: string, changed: readonly string[]): Promise<ReloadOutcome> {
    const running = (this.#last.get(name) ?? Promise.resolve()).then(() => this.#run(name, changed));
    this.#last.set(name, running);
    return running.finally(() => {
      if (this.#last.get(name) === running) this.#last.delete(name);
    });
  }

  /** {@link reload} of what is in a folder of `plugins/enabled`, or was: two plugins when a package has changed its name. */
  async reloadFolder(path: string, changed: readonly string[]): Promise<ReloadOutcome[]> {
    const { plugins, host } = this.#deps;
    const names = new Set<string>();
    for (const { name, definition } of plugins) {
      if (definition.origin.kind === "enabled" && definition.origin.path === path) names.add(name);
    }
    const here = enabledPackages(host.root, [], () => {}).find((facts) => facts.path === path);
    if (here !== undefined) names.add(here.name);
    // What cannot be read is known by its folder.
    if (names.size === 0) names.add(basename(path));
    const outcomes: ReloadOutcome[] = [];
    for (const name of names) outcomes.push(await this.reload(name, changed));
    return outcomes;
  }

  /** Waits for what runs; every later reload fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#last.values());
    await Promise.all(this.#closing);
  }

  async #run(name: string, changed: readonly string[]): Promise<ReloadOutcome> {
    const { host } = this.#deps;
    const startedAt = performance.now();
    const fields = { plugin: name, ...(changed.length === 0 ? {} : { changed: listed(changed) }) };
    try {
      if (this.#isClosed || host.state() !== stateNumbers.running) {
        throw kerror("plugin.assert.cannot_load", name, "plugins are loaded again only while the server runs.");
      }
      const kind = await this.#exchange(name);
      const durationMs = Math.round(performance.now() - startedAt);
      host.log.info(`plugin.${kind}`, { ...fields, durationMs });
      return { kind, plugin: name, durationMs };
    } catch (error) {
      const { at, cause } = error instanceof FailedReload ? error : new FailedReload(undefined, error);
      // Without a stack: who reads it has the place, and wants to see the next line too.
      const where = at === undefined ? {} : { at };
      host.log.error("plugin.reload_failed", { ...fields, ...where, reason: reasonOf(cause, at) });
      return failure(name, cause, at);
    }
  }

  async #exchange(name: string): Promise<"reloaded" | "added" | "removed"> {
    const { host, plugins } = this.#deps;
    const former = plugins.find(name);
    host.rereadConfig();
    const rediscovered = rediscover(name, former?.definition.origin, host);
    if (former !== undefined) assertReplaceable(former);
    if (rediscovered.found !== undefined) {
      await this.#replace(former, rediscovered.found, rediscovered.names);
      return former === undefined ? "added" : "reloaded";
    }
    if (former === undefined) throw kerror("plugin.assert.plugin_not_found", name, didYouMean(name, plugins.names));
    await exchange(host, former, undefined);
    plugins.remove(former);
    await this.#retire(former);
    return "removed";
  }

  async #replace(former: RunningPlugin | undefined, found: Found, names: readonly string[]): Promise<void> {
    const { host, make, release } = this.#deps;
    const code = found.kind === "package" ? new FreshCode(found.facts.realPath) : undefined;
    let next: RunningPlugin | undefined;
    try {
      next = await make(found);
      code?.assertFresh();
      const sorted = await this.#sort(next, names);
      await next.init();
      next.read();
      checkContributions(next.definition, next.contributions);
      assertReplaceable(next);
      await tellOfStart(next, host.log);
      await this.#applyImports(former, next, sorted);
      const taking = next;
      await exchange(host, former, taking, () => this.#place(former, taking, sorted));
    } catch (error) {
      const at = code === undefined ? undefined : placeInCode(error, code.folder, code.lastLoaded);
      code?.restore();
      if (next !== undefined) {
        await release(next);
        if (next.isStarted) await tellOfShutdown(next, host.log);
        await next.close(host);
      }
      throw new FailedReload(at, error);
    }
    if (former !== undefined) await this.#retire(former);
  }

  /** Names of all plugins that run, the new one among them, as they say how they want to stand. `names` are those of all that were found. */
  async #sort(next: RunningPlugin, names: readonly string[]): Promise<readonly string[]> {
    const { plugins } = this.#deps;
    const definitions = names.flatMap((name) =>
      name === next.name ? next.definition : (plugins.find(name)?.definition ?? []),
    );
    const sorted = sortPlugins(definitions);
    await checkVersions(sorted);
    return sorted.map(({ name }) => name);
  }

  /** Others whose place has changed by it are registered there. */
  #place(former: RunningPlugin | undefined, next: RunningPlugin, sorted: readonly string[]): void {
    const { host, plugins } = this.#deps;
    if (former !== undefined) plugins.remove(former);
    plugins.add(next);
    for (const moved of plugins.arrange(sorted)) {
      if (moved === next || !moved.isStarted) continue;
      moved.unlisten();
      moved.listen(host);
    }
  }

  /** Only when they have changed: those of the others were loaded when they were. */
  async #applyImports(
    former: RunningPlugin | undefined,
    next: RunningPlugin,
    sorted: readonly string[],
  ): Promise<void> {
    const { imports } = next.contributions;
    if (imports === undefined || isDeepStrictEqual(imports, former?.contributions.imports)) return;
    const { started } = this.#deps.plugins;
    const named = sorted.map((name) => (name === next.name ? next : started.find((plugin) => plugin.name === name)));
    const others = started.filter(({ name }) => !sorted.includes(name));
    await this.#deps.host.applyImports([...named, ...others].flatMap((plugin) => plugin?.contributions.imports ?? []));
  }

  /** Nothing new reaches the plugin; it is closed when the requests that may still use it have ended. */
  async #retire(former: RunningPlugin): Promise<void> {
    const { host, release } = this.#deps;
    await release(former);
    const closing: Promise<void> = this.#close(former, host).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  async #close(former: RunningPlugin, host: PluginHostDeps): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, lingerMs);
      timer.unref();
    });
    await Promise.race([host.idle(), deadline]);
    clearTimeout(timer);
    if (former.isStarted) await tellOfShutdown(former, host.log);
    await former.close(host);
  }
}

/** Error: {@link RestartNeeded} for one that clients are connected to. */
function assertReplaceable({ name, speaksProtocol }: RunningPlugin): void {
  if (speaksProtocol) throw new RestartNeeded(`Plugin "${name}" speaks a protocol of its own, with its own clients.`);
}

/** A line holds only so many. */
const maxListed = 5;

function listed(files: readonly string[]): string {
  const more = files.length - maxListed;
  return files.slice(0, maxListed).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** What stopped a reload, and where in the plugin's code. */
class FailedReload extends Error {
  readonly at: string | undefined;

  constructor(at: string | undefined, cause: unknown) {
    super("The plugin was not loaded again.", { cause });
    this.at = at;
  }
}

function failure(plugin: string, cause: unknown, at: string | undefined): ReloadOutcome & { kind: "failed" } {
  const message = cause instanceof Error ? cause.message : String(cause);
  const error = cause instanceof KuzzleError ? cause : kerrorFrom(cause, "plugin.assert.cannot_load", plugin, message);
  const needsRestart = causesOf(cause).some((one) => one instanceof RestartNeeded || isTaken(one));
  return { kind: "failed", plugin, error, at, needsRestart };
}

/** The port that a plugin listens to is still the former instance's. */
const isTaken = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === "EADDRINUSE";

/** In one line: with a place what went wrong there, else the error with all that it names. */
function reasonOf(error: unknown, at: string | undefined): string {
  const told = at === undefined ? error : causesOf(error).at(-1);
  const text = told instanceof Error ? told.message : String(told);
  return text.trim().split("\n", 1).join();
}

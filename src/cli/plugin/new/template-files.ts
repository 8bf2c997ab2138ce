import { configSource, pluginSource, testSource } from "./template-code.ts";

const json = (content: unknown): string => `${JSON.stringify(content, null, 2)}\n`;

/** The files of a new plugin, by their paths. `version`: of this server, for its types and its test kit. */
export const templateFiles = (name: string, version: string): Readonly<Record<string, string>> => ({
  "package.json": packageJson(name, version),
  "manifest.json": manifestJson(name),
  "index.ts": pluginSource(name),
  "config.ts": configSource,
  "index.test.ts": testSource(name),
  "tsconfig.json": tsconfig,
  "tsconfig.build.json": buildConfig,
  "README.md": readme(name),
});

/** Until it is packed there is no `dist/`, and the server takes `index.ts`. */
const packageJson = (name: string, version: string): string =>
  json({
    name,
    version: "0.1.0",
    description: "A plugin for Tenon",
    type: "module",
    main: "dist/index.js",
    files: ["dist", "manifest.json"],
    scripts: {
      test: "node --test",
      typecheck: "tsc",
      prepack: "tsc -p tsconfig.build.json",
      postpack: `node -e "fs.rmSync('dist', { recursive: true })"`,
    },
    peerDependencies: { tenon: `^${version}` },
    devDependencies: { "@types/node": "^26.0.0", typescript: ">=5.9.0" },
  });

const manifestJson = (name: string): string =>
  json({
    name,
    kuzzleVersion: ">=2.0.0 <3.0.0",
    capabilities: { controllers: true, events: ["generic:document:beforeWrite", "document:afterDelete"] },
  });

const tsconfig = json({
  compilerOptions: {
    target: "esnext",
    lib: ["esnext"],
    module: "nodenext",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["*.ts"],
});

const buildConfig = json({
  extends: "./tsconfig.json",
  compilerOptions: { noEmit: false, outDir: "dist", rootDir: "." },
  exclude: ["*.test.ts"],
});

const readme = (name: string): string => `# ${name}

A plugin for Tenon, in TypeScript: a pipe, a hook, and a controller with a route.

\`\`\`sh
tenon plugin enable ${name}      # or, from elsewhere: tenon plugin install <this folder>
tenon start                ${" ".repeat(Math.max(0, name.length - 6))}# curl localhost:7512/${name}/hello
npm test                   ${" ".repeat(Math.max(0, name.length - 6))}# a whole server in memory, in milliseconds
\`\`\`

| file | what it is |
|---|---|
| \`index.ts\` | the plugin |
| \`config.ts\` | the schema of its options, \`plugins.${name}\` of the configuration |
| \`manifest.json\` | its name, and what it may use of the server |
| \`index.test.ts\` | its test, with the test kit of the server |

\`npm install\` brings the compiler, \`npm run typecheck\` runs it. \`npm publish\` and \`npm pack\` make JavaScript of it first.
`;

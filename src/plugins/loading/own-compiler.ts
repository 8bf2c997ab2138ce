import { createRequire, setSourceMapsSupport } from "node:module";
import { dirname } from "node:path";
import { isPlainObject, type JSONObject } from "../../kernel/index.ts";

/** The part of the package `typescript` that is used, up to its release 6: later ones have no compiler to call. */
interface Compiler {
  readonly sys: { fileExists(path: string): boolean; readFile(path: string): string | undefined };
  readonly ModuleKind: { readonly CommonJS: number; readonly ESNext: number };
  readonly ScriptTarget: { readonly ES2022: number };
  findConfigFile(folder: string, exists: (path: string) => boolean): string | undefined;
  readConfigFile(
    path: string,
    read: (path: string) => string | undefined,
  ): { config?: JSONObject; error?: { messageText: unknown } };
  parseJsonConfigFileContent(
    config: JSONObject,
    host: object,
    folder: string,
  ): { options: CompilerOptions; errors: readonly unknown[] };
  transpileModule(
    source: string,
    options: { fileName: string; compilerOptions: object; reportDiagnostics: boolean },
  ): { outputText: string };
}

interface CompilerOptions {
  readonly module?: number;
  readonly [option: string]: unknown;
}

export type ModuleFormat = "module" | "commonjs";

export interface Compiled {
  readonly source: string;
  readonly format: ModuleFormat;
}

/** How one folder wants its sources compiled. */
interface Settings {
  readonly compiler: Compiler;
  /** Of the nearest `tsconfig.json`; undefined when there is none. */
  readonly options: CompilerOptions | undefined;
}

/** By folder; undefined: there is no compiler to be found from it. Sources do not move while a process runs. */
const known = new Map<string, Settings | undefined>();

/**
 * Compiles a source by the package `typescript` that its author has installed, as `tsconfig.json` says: enums, parameter properties, decorators,
 * and fields that are declared again in a subclass mean what they mean to the author. Undefined when there is no such package, or, unless it
 * `mustCompile`, no `tsconfig.json`: then removing the types is all there is to do.
 */
export function compileByOwnCompiler(
  file: string,
  source: string,
  formatOf: (file: string, source: string) => ModuleFormat,
  mustCompile = false,
): Compiled | undefined {
  const settings = settingsOf(dirname(file));
  if (settings === undefined || (settings.options === undefined && !mustCompile)) return undefined;
  const { compiler, options = {} } = settings;
  // Instead of the compiler's own default, which makes functions of classes: those cannot extend ours.
  const target =
    options.target === undefined ? { target: compiler.ScriptTarget.ES2022, useDefineForClassFields: false } : {};
  const format = options.module === compiler.ModuleKind.CommonJS ? "commonjs" : formatOf(file, source);
  const compilerOptions = {
    ...target,
    ...options,
    module: format === "commonjs" ? compiler.ModuleKind.CommonJS : compiler.ModuleKind.ESNext,
    moduleResolution: undefined,
    customConditions: undefined,
    verbatimModuleSyntax: undefined,
    isolatedModules: true,
    inlineSourceMap: true,
    inlineSources: true,
    sourceMap: undefined,
    mapRoot: undefined,
    sourceRoot: undefined,
    noEmit: false,
    noEmitOnError: false,
    emitDeclarationOnly: undefined,
    declaration: undefined,
    declarationMap: undefined,
    composite: undefined,
    incremental: undefined,
    tsBuildInfoFile: undefined,
    paths: undefined,
    // Where it would be written to says nothing about where its source is.
    outDir: undefined,
    rootDir: undefined,
  };
  // Its lines are not those of the source: traces are to name the author's.
  setSourceMapsSupport(true);
  const { outputText } = compiler.transpileModule(source, {
    fileName: file,
    compilerOptions,
    reportDiagnostics: false,
  });
  return { source: outputText, format };
}

/** The form that a file is compiled into, where its author's settings say it. */
export function ownFormatOf(file: string): ModuleFormat | undefined {
  const settings = settingsOf(dirname(file));
  return settings?.options?.module === settings?.compiler.ModuleKind.CommonJS && settings?.options !== undefined
    ? "commonjs"
    : undefined;
}

function settingsOf(folder: string): Settings | undefined {
  if (known.has(folder)) return known.get(folder);
  const compiler = findCompiler(folder);
  const settings = compiler === undefined ? undefined : { compiler, options: readOptions(compiler, folder) };
  known.set(folder, settings);
  return settings;
}

function findCompiler(folder: string): Compiler | undefined {
  try {
    const found = createRequire(`${folder}/`)("typescript") as Partial<Compiler>;
    return typeof found.transpileModule === "function" ? (found as Compiler) : undefined;
  } catch {
    return undefined; // not installed: most plugins are published as JavaScript
  }
}

/** Error: names the `tsconfig.json` that cannot be read. */
function readOptions(compiler: Compiler, folder: string): CompilerOptions | undefined {
  const { sys } = compiler;
  const path = compiler.findConfigFile(folder, sys.fileExists);
  if (path === undefined) return undefined;
  const { config, error } = compiler.readConfigFile(path, sys.readFile);
  if (error !== undefined || !isPlainObject(config)) {
    throw new Error(`${path} cannot be read: ${String(error?.messageText)}`);
  }
  // Only its options are wanted, so nothing looks for the files that it names.
  const host = { ...sys, readDirectory: () => [] };
  return compiler.parseJsonConfigFileContent(config, host, dirname(path)).options;
}

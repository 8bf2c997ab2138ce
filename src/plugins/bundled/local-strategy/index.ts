/** The bundled strategy `local`: user name and password. */
export { pluginName as localStrategyName } from "./manifest.ts";
export { LocalStrategyPlugin } from "./plugin.ts";

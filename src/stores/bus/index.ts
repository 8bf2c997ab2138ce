/** The bus between nodes. */
export type { Bus, BusMessage } from "./bus.ts";
export { createLocalBus } from "./local.ts";

import { bitCommands } from "./bits.ts";
import type { Command } from "./command.ts";
import { geoCommands } from "./geo.ts";
import { hashCommands } from "./hashes.ts";
import { hyperloglogCommands } from "./hyperloglog.ts";
import { keyCommands } from "./keys.ts";
import { listCommands } from "./lists.ts";
import { scanCommands } from "./scan.ts";
import { serverCommands } from "./server.ts";
import { setCommands } from "./sets.ts";
import { sortCommands } from "./sort.ts";
import { sortedSetRangeCommands } from "./sorted-set-ranges.ts";
import { sortedSetStoreCommands } from "./sorted-set-stores.ts";
import { sortedSetCommands } from "./sorted-sets.ts";
import { stringCommands } from "./strings.ts";

/** Every command of the engine, by its lower-case name. */
export const commands: ReadonlyMap<string, Command> = new Map<string, Command>(
  Object.entries({
    ...keyCommands,
    ...stringCommands,
    ...bitCommands,
    ...listCommands,
    ...hashCommands,
    ...setCommands,
    ...sortedSetCommands,
    ...sortedSetRangeCommands,
    ...sortedSetStoreCommands,
    ...geoCommands,
    ...hyperloglogCommands,
    ...scanCommands,
    ...sortCommands,
    ...serverCommands,
  }),
);

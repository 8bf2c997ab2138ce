import { definePlugin } from "tenon";

let timer: NodeJS.Timeout | undefined;

export default definePlugin({
  name: "clock",
  imports: {
    mappings: { clock: { ticks: { mappings: { properties: { at: { type: "date" } } } } } },
  },
  init: ({ log }) => {
    timer = setInterval(() => log.debug("clock.tick"), 60_000);
  },
  close: () => clearInterval(timer),
});

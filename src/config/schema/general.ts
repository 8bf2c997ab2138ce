import { bool, free, integer, seconds, section } from "./option.ts";

export const realtime = section("Live subscriptions.", {
  pcreSupport: {
    ...bool(
      false,
      "Regular expressions of subscription filters: true for the JavaScript dialect, false for the linear-time one.",
    ),
    obsolete: "Patterns always run on a linear-time engine, whatever this says.",
  },
});

export const application = free({}, "Free section: whatever the application wants to find in its configuration.");

export const validation = free(
  {},
  "Document specifications (index, then collection, then specification), stored once, at the first start.",
);

export const controllers = section("Controllers of plugins and of the application.", {
  definition: section("How action definitions are checked.", {
    allowAdditionalActionProperties: bool(false, "Accept keys in an action's definition that Tenon does not know."),
  }),
});

export const repositories = section("Users, profiles and roles in memory.", {
  common: section("For all of them.", {
    cacheTTL: { ...integer(1_440_000, "How long users and profiles stay in the shared cache."), unit: "ms" },
  }),
});

export const stats = section("Statistics of the server (`server:get*Stats`).", {
  enabled: bool(true, "Collect statistics."),
  ttl: seconds(3600, "How long a frame is kept."),
  statsInterval: seconds(10, "How much time one frame covers."),
});

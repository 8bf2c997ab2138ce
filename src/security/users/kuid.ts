import { randomInt } from "node:crypto";
import { uuid } from "../../kernel/index.ts";

const adjectives = (
  "able agile amber ample azure bold brave brief bright brisk calm candid clear clever cosmic crisp daring deep eager early " +
  "easy equal exact fair fancy fast fine fleet fluent fond frank free fresh gentle glad golden grand great green happy hardy " +
  "humble ideal jolly keen kind large lively loyal lucid lucky lunar major mellow merry mild modest neat nimble noble novel " +
  "open patient plain polite proper proud pure quick quiet rapid rare ready regal robust rosy royal serene sharp shiny silent " +
  "silver simple smart smooth solar solid sound stable steady stellar sunny super swift tidy tranquil true upbeat valid vast " +
  "vivid warm wide wild wise witty worthy young zesty"
).split(" ");

const names = (
  "acorn anchor apple arrow aspen aurora badger bamboo beacon birch bison breeze brook canyon cedar cherry cliff cloud clover " +
  "comet copper coral crane cricket crystal dahlia dawn delta dolphin dune eagle echo ember falcon fern field finch fjord flint " +
  "forest fox garnet glacier grove gull harbor hawk hazel heron hill horizon iris island ivy jade jasper juniper kestrel lagoon " +
  "lake lark laurel leaf lemon lily linden lotus lynx maple marble meadow meteor mint moon moss nebula oak oasis ocean olive opal " +
  "orchid otter owl panda pebble pepper pine plum pond poppy prairie quartz quill raven reef ridge river robin rose sage salmon " +
  "seal shell sky sparrow spruce star stone storm stream summit swan thyme tiger topaz trail tulip valley violet walnut wave " +
  "willow wind wolf wren"
).split(" ");

const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? "";

/** `kuid-brave-otter-48213`, or with `uuid` `kuid-<uuid v4>`. */
export const generateKuid = (kind: string): string =>
  kind === "uuid" ? `kuid-${uuid()}` : `kuid-${pick(adjectives)}-${pick(names)}-${randomInt(100_000)}`;

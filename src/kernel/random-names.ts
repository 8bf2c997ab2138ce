import { randomInt } from "node:crypto";

const adjectives = (
  "agile amber bold brave bright brisk calm candid clever cosmic crisp curious daring deep eager early easy fair fancy " +
  "fast fine firm fleet fond frank fresh gentle glad golden grand green happy hardy honest humble jolly keen kind lively " +
  "lucky mellow merry mighty modest neat nimble noble novel open patient plain polite proud quick quiet rapid ready " +
  "royal rustic sharp shiny silent simple sleek smart smooth snug solid spry steady still strong sunny sure sweet swift " +
  "tidy true upbeat vivid warm wise witty young zesty"
).split(" ");

const names = (
  "alder anchor aspen badger basin beacon beaver birch bison brook canyon cedar cliff comet condor coral crane creek " +
  "delta dune eagle elm ember falcon fern finch fjord forest fox garnet glacier grove harbor hare hawk hazel heron " +
  "island ivy jackdaw juniper kestrel kite lagoon lark lichen linden lynx maple marsh marten meadow mesa moss nettle " +
  "oak ocean otter owl palm pebble pine plover poplar quail quartz raven reef ridge river robin rook sable sage seal " +
  "sorrel sparrow spruce stork summit swan tern thicket thorn tide trout tulip valley walnut willow wren yew"
).split(" ");

const oneOf = (words: readonly string[]): string => words[randomInt(words.length)] ?? "";

export const randomAdjective = (): string => oneOf(adjectives);
export const randomNoun = (): string => oneOf(names);

/** `kuid-quick-otter-4711`: a name that people can remember, for nodes and users. */
export const randomName = (prefix: string): string =>
  `${prefix}-${randomAdjective()}-${randomNoun()}-${randomInt(100_000)}`;

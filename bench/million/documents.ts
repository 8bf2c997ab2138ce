import { readCities } from "../../examples/cities/cities.ts";

/** One collection for both engines; nested visits are there for one document in four. */
export const mappings = {
  dynamic: "false",
  properties: {
    title: { type: "text" },
    city: { type: "keyword" },
    country: { type: "keyword" },
    owner: { type: "keyword" },
    population: { type: "integer" },
    price: { type: "double" },
    at: { type: "date" },
    place: { type: "geo_point" },
    sold: { type: "boolean" },
    visits: { type: "nested", properties: { who: { type: "keyword" }, stars: { type: "integer" } } },
  },
} as const;

/** Numbers that are the same in each run. */
export class Sequence {
  #state = 42;

  next(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
}

const cities = readCities().map(({ body }) => body);

/** Documents made of real places: the place moved a little, and a title out of words of the names of places, few of them frequent and many rare. */
export function* newDocuments(count: number): Generator<Readonly<Record<string, unknown>>> {
  const random = new Sequence();
  const words = frequentFirst();
  const word = (): string => words[Math.floor(random.next() ** 4 * words.length)] as string; // the index is inside
  for (let i = 0; i < count; i++) {
    const city = cities[i % cities.length];
    if (city === undefined) return;
    const title = [city.name, ...Array.from({ length: 2 + random.below(4) }, word)].join(" ");
    const { lat, lon } = city.position;
    const visits = Array.from({ length: random.below(4) === 0 ? 1 + random.below(3) : 0 }, () => ({
      who: `visitor${random.below(2_000)}`,
      stars: 1 + random.below(5),
    }));
    yield {
      title,
      city: city.name,
      country: city.country,
      owner: `owner${random.below(5_000)}`,
      population: city.population + random.below(1_000),
      price: random.below(100_000) / 100,
      at: new Date(1_500_000_000_000 + random.below(200_000_000) * 1_000).toISOString(),
      place: { lat: rounded(lat + random.next() * 0.2 - 0.1), lon: rounded(lon + random.next() * 0.2 - 0.1) },
      sold: random.below(4) === 0,
      ...(visits.length === 0 ? {} : { visits }),
    };
  }
}

const rounded = (degrees: number): number => Math.round(Math.max(-90, Math.min(180, degrees)) * 1e5) / 1e5;

/** The words of the places' names, the most frequent first. */
export function frequentFirst(): readonly string[] {
  const counts = new Map<string, number>();
  for (const { name } of cities) {
    for (const word of name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([word]) => word);
}

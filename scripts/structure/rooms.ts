/** The rooms of `src/` and their floors: the table of `docs/architecture.md`, which a room that is added here must be added to as well. */
export const floors: Readonly<Record<string, number>> = {
  cli: 8,
  app: 7,
  plugins: 6,
  protocols: 5,
  api: 4,
  security: 3,
  realtime: 3,
  data: 3,
  operation: 3,
  "stores/documents": 2,
  "stores/memory": 2,
  "stores/bus": 2,
  config: 1,
  events: 1,
  filters: 1,
  kernel: 0,
};

/** Where a file lies. `entry` is one of {@link entries}: above every room. */
export type Place =
  | { readonly kind: "room"; readonly room: string; readonly floor: number }
  | { readonly kind: "entry" }
  | { readonly kind: "nowhere" }
  | { readonly kind: "beside"; readonly folder: string };

/** What the package exports: `tenon`, and `tenon/kuzzle`. */
const entries: readonly string[] = ["src/index.ts", "src/kuzzle.ts"];

/** Takes a path from the root, with slashes: `src/stores/bus/local.ts`. */
export function placeOf(path: string): Place {
  const [top = "", first = "", second = ""] = path.split("/");
  if (top !== "src") return { kind: "beside", folder: top };
  if (entries.includes(path)) return { kind: "entry" };
  const room = first === "stores" ? `stores/${second}` : first;
  const floor = Object.hasOwn(floors, room) ? floors[room] : undefined;
  return floor === undefined ? { kind: "nowhere" } : { kind: "room", room, floor };
}

export const doorOf = (room: string): string => `src/${room}/index.ts`;

/** The second door of a room that has one: for what is wanted before all that lies behind the first is loaded. */
export const earlyDoorOf = (room: string): string => `src/${room}/early.ts`;

export const isTest = (path: string): boolean => path.endsWith(".test.ts");

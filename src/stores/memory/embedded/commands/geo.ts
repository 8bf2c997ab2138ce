import type { Reply } from "../../memory-store.ts";
import { parseFloatText } from "../floats.ts";
import { cellOf, cellsAround, centreOf, distanceM, geohashText, maxLatitude, type Position } from "../geo-cell.ts";
import { parseInteger } from "../integers.ts";
import type { Keyspace } from "../keyspace.ts";
import { refusals } from "../refusals.ts";
import { SortedSetValue } from "../values/sorted-set.ts";
import { atLeast, between, type CommandTable } from "./command.ts";

const unitsM = new Map([
  ["m", 1],
  ["km", 1000],
  ["ft", 0.3048],
  ["mi", 1609.34],
]);

function parseUnit(text: string): number {
  const metres = unitsM.get(text.toLowerCase());
  if (metres === undefined) throw refusals.geoUnit();
  return metres;
}

function parsePosition(longitudeText: string, latitudeText: string): Position {
  const longitude = parseFloatText(longitudeText);
  const latitude = parseFloatText(latitudeText);
  if (Math.abs(longitude) > 180 || Math.abs(latitude) > maxLatitude) {
    throw refusals.geoCoordinates(longitude, latitude);
  }
  return { longitude, latitude };
}

const geoadd = (keys: Keyspace, args: readonly string[]): Reply => {
  const key = args[0] ?? "";
  if (args.length % 3 !== 1) throw refusals.arity("geoadd");
  const cells: number[] = [];
  for (let i = 1; i < args.length; i += 3) cells.push(cellOf(parsePosition(args[i] ?? "", args[i + 1] ?? "")));
  const known = keys.findSortedSet(key);
  const set = known ?? new SortedSetValue();
  let added = 0;
  for (let i = 0; i < cells.length; i++) if (set.set(args[3 * i + 3] ?? "", cells[i] ?? 0) === "added") added++;
  if (known === undefined) keys.put(key, set);
  return added;
};

function positionOf(set: SortedSetValue | undefined, member: string): Position | undefined {
  const cell = set?.score(member);
  return cell === undefined ? undefined : centreOf(cell);
}

const geodist = (keys: Keyspace, args: readonly string[]): Reply => {
  const unit = parseUnit(args[3] ?? "m");
  const set = keys.findSortedSet(args[0] ?? "");
  const from = positionOf(set, args[1] ?? "");
  const to = positionOf(set, args[2] ?? "");
  return from === undefined || to === undefined ? null : (distanceM(from, to) / unit).toFixed(4);
};

const describe =
  (text: (position: Position) => Reply) =>
  (keys: Keyspace, args: readonly string[]): Reply => {
    const set = keys.findSortedSet(args[0] ?? "");
    return args.slice(1).map((member) => {
      const position = positionOf(set, member);
      return position === undefined ? null : text(position);
    });
  };

const coordinateText = (degrees: number): string => degrees.toFixed(17).replace(/\.?0+$/, "");

const coordinates = ({ longitude, latitude }: Position): Reply => [coordinateText(longitude), coordinateText(latitude)];

interface Circle {
  readonly centre: Position;
  readonly radiusM: number;
  readonly unitM: number;
}

function parseCircle(centre: Position, radiusText: string, unitText: string): Circle {
  const radius = parseFloatText(radiusText, refusals.geoRadius);
  if (radius < 0) throw refusals.geoNegativeRadius();
  const unitM = parseUnit(unitText);
  return { centre, radiusM: radius * unitM, unitM };
}

interface Found {
  readonly member: string;
  readonly cell: number;
  readonly position: Position;
  readonly distanceM: number;
}

interface Presentation {
  withCoordinates: boolean;
  withDistance: boolean;
  withHash: boolean;
  order: "ASC" | "DESC" | undefined;
  count: number;
  anyOrder: boolean;
  store: { readonly key: string; readonly distances: boolean } | undefined;
}

function parsePresentation(args: readonly string[], start: number): Presentation {
  const shown: Presentation = {
    withCoordinates: false,
    withDistance: false,
    withHash: false,
    order: undefined,
    count: Number.POSITIVE_INFINITY,
    anyOrder: false,
    store: undefined,
  };
  for (let i = start; i < args.length; i++) {
    const token = (args[i] ?? "").toUpperCase();
    const next = args[i + 1];
    if (token === "WITHCOORD") shown.withCoordinates = true;
    else if (token === "WITHDIST") shown.withDistance = true;
    else if (token === "WITHHASH") shown.withHash = true;
    else if (token === "ASC" || token === "DESC") shown.order = token;
    else if (token === "ANY") shown.anyOrder = true;
    else if (token === "COUNT" && next !== undefined) {
      shown.count = parseInteger(next);
      if (shown.count <= 0) throw refusals.geoCount();
      i++;
    } else if ((token === "STORE" || token === "STOREDIST") && next !== undefined) {
      shown.store = { key: next, distances: token === "STOREDIST" };
      i++;
    } else throw refusals.syntax();
  }
  if (shown.anyOrder && shown.count === Number.POSITIVE_INFINITY) throw refusals.syntax();
  if (shown.store && (shown.withCoordinates || shown.withDistance || shown.withHash)) throw refusals.geoStore();
  return shown;
}

function search(set: SortedSetValue, { centre, radiusM }: Circle): Found[] {
  const found: Found[] = [];
  for (const range of cellsAround(centre, radiusM)) {
    const from = set.countWhile((member) => member.score < range.from);
    const to = set.countWhile((member) => member.score < range.to);
    for (const { key, score } of set.slice(from, to)) {
      const position = centreOf(score);
      const distance = distanceM(centre, position);
      if (distance <= radiusM) found.push({ member: key, cell: score, position, distanceM: distance });
    }
  }
  return found;
}

function present(keys: Keyspace, set: SortedSetValue | undefined, circle: Circle, shown: Presentation): Reply {
  const found = set === undefined ? [] : search(set, circle);
  const nearestFirst = shown.count < found.length && !shown.anyOrder;
  const order = shown.order ?? (nearestFirst ? "ASC" : undefined);
  if (order === "ASC") found.sort((a, b) => a.distanceM - b.distanceM);
  else if (order === "DESC") found.sort((a, b) => b.distanceM - a.distanceM);
  if (found.length > shown.count) found.length = shown.count;
  if (shown.store !== undefined) return storeFound(keys, shown.store, found, circle.unitM);
  if (!shown.withCoordinates && !shown.withDistance && !shown.withHash) return found.map(({ member }) => member);
  return found.map(({ member, cell, position, distanceM: distance }) => {
    const item: Reply[] = [member];
    if (shown.withDistance) item.push((distance / circle.unitM).toFixed(4));
    if (shown.withHash) item.push(cell);
    if (shown.withCoordinates) item.push(coordinates(position));
    return item;
  });
}

function storeFound(
  keys: Keyspace,
  { key, distances }: { readonly key: string; readonly distances: boolean },
  found: readonly Found[],
  unitM: number,
): number {
  const set = new SortedSetValue();
  for (const { member, cell, distanceM: distance } of found) set.set(member, distances ? distance / unitM : cell);
  return keys.store(key, set);
}

const georadius = (keys: Keyspace, args: readonly string[]): Reply => {
  const set = keys.findSortedSet(args[0] ?? "");
  const circle = parseCircle(parsePosition(args[1] ?? "", args[2] ?? ""), args[3] ?? "", args[4] ?? "");
  return present(keys, set, circle, parsePresentation(args, 5));
};

const georadiusbymember = (keys: Keyspace, args: readonly string[]): Reply => {
  const set = keys.findSortedSet(args[0] ?? "");
  if (set === undefined) return [];
  const centre = positionOf(set, args[1] ?? "");
  if (centre === undefined) throw refusals.geoMember();
  return present(keys, set, parseCircle(centre, args[2] ?? "", args[3] ?? ""), parsePresentation(args, 4));
};

export const geoCommands = {
  geoadd: atLeast(4, geoadd),
  geodist: between(3, 4, geodist),
  geohash: atLeast(1, describe(geohashText)),
  geopos: atLeast(1, describe(coordinates)),
  georadius: atLeast(5, georadius),
  georadiusbymember: atLeast(4, georadiusbymember),
} satisfies CommandTable;

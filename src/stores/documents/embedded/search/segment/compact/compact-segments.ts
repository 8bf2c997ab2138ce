import { hasBit } from "../bits.ts";
import { FieldMap } from "../field-map.ts";
import { FrozenSegment } from "../frozen-segment.ts";
import { FrozenSpace } from "../frozen-space.ts";
import type { SegmentSnapshot } from "../segment.ts";
import { compactField, type FieldPart } from "./compact-field.ts";
import { type DocMap, gone } from "./doc-map.ts";

/**
 * Makes one frozen segment of several neighbours, in order and without the documents that were gone when it began. Removals that come
 * meanwhile are for the caller to repeat.
 */
export function* compactSegments(
  sources: readonly SegmentSnapshot[],
  pause: () => Generator<void, void>,
): Generator<void, FrozenSegment> {
  const maps = rootMaps(sources);
  const count = maps.reduce((sum, { kept }) => sum + kept, 0);
  const docNumbers = new Uint32Array(count);
  for (const [s, { segment }] of sources.entries()) {
    const { numbers, count: own } = maps[s] as SpaceMap;
    for (let doc = 0; doc < own; doc++)
      if (numbers[doc] !== gone) docNumbers[numbers[doc] as number] = segment.docNumber(doc);
  }
  const spaces = new Map<string, FrozenSpace>();
  const mapsOf = new Map<string, readonly SpaceMap[]>([["", maps]]);
  for (const path of pathsOf(sources)) {
    yield* pause();
    const own = mapsOf.get(path) ?? nestedMaps(sources, path, mapsOf);
    mapsOf.set(path, own);
    const kept = own.reduce((sum, map) => sum + map.kept, 0);
    if (kept === 0 && path !== "") continue;
    const parent = parentOf(sources, path, spaces);
    const fields = yield* compactFields(sources, path, own, kept, pause);
    spaces.set(path, new FrozenSpace(path, parent, fields, kept, parentsOf(sources, path, own, mapsOf, kept)));
  }
  return new FrozenSegment(docNumbers, spaces);
}

interface SpaceMap extends DocMap {
  /** New numbers that it gives. */
  readonly kept: number;
}

/** Live documents of all sources, numbered on. */
function rootMaps(sources: readonly SegmentSnapshot[]): SpaceMap[] {
  let next = 0;
  return sources.map(({ maxDoc, deleted }) => {
    const numbers = new Uint32Array(maxDoc).fill(gone);
    const first = next;
    for (let doc = 0; doc < maxDoc; doc++) if (!hasBit(deleted, doc)) numbers[doc] = next++;
    return { numbers, count: maxDoc, kept: next - first };
  });
}

/** Paths of the spaces of all sources; a space comes before those inside of it. */
function pathsOf(sources: readonly SegmentSnapshot[]): string[] {
  const paths = new Set<string>();
  for (const { counts } of sources) for (const path of counts.keys()) paths.add(path);
  return [...paths].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** Nested objects live as long as the document that holds them. */
function nestedMaps(
  sources: readonly SegmentSnapshot[],
  path: string,
  mapsOf: ReadonlyMap<string, readonly SpaceMap[]>,
): SpaceMap[] {
  let next = 0;
  return sources.map(({ segment, counts }, s) => {
    const space = segment.space(path);
    const count = counts.get(path) ?? 0;
    const outer = mapsOf.get(space?.parent?.path ?? "")?.[s];
    const numbers = new Uint32Array(count).fill(gone);
    const first = next;
    if (space !== undefined && outer !== undefined) {
      const { parentOf: parents } = space;
      for (let doc = 0; doc < count; doc++) if (outer.numbers[parents[doc] as number] !== gone) numbers[doc] = next++;
    }
    return { numbers, count, kept: next - first };
  });
}

function parentOf(
  sources: readonly SegmentSnapshot[],
  path: string,
  spaces: ReadonlyMap<string, FrozenSpace>,
): FrozenSpace | undefined {
  for (const { segment } of sources) {
    const parent = segment.space(path)?.parent;
    if (parent !== undefined) return spaces.get(parent.path);
  }
  return undefined;
}

/** By nested object: the document that holds it. */
function parentsOf(
  sources: readonly SegmentSnapshot[],
  path: string,
  maps: readonly SpaceMap[],
  mapsOf: ReadonlyMap<string, readonly SpaceMap[]>,
  kept: number,
): Uint32Array {
  const parents = new Uint32Array(path === "" ? 0 : kept);
  if (path === "") return parents;
  for (const [s, { segment }] of sources.entries()) {
    const space = segment.space(path);
    const { numbers, count } = maps[s] as SpaceMap;
    const outer = mapsOf.get(space?.parent?.path ?? "")?.[s];
    if (space === undefined || outer === undefined) continue;
    for (let doc = 0; doc < count; doc++) {
      const to = numbers[doc] as number;
      if (to !== gone) parents[to] = outer.numbers[space.parentOf[doc] as number] as number;
    }
  }
  return parents;
}

function* compactFields(
  sources: readonly SegmentSnapshot[],
  path: string,
  maps: readonly SpaceMap[],
  count: number,
  pause: () => Generator<void, void>,
): Generator<void, FieldMap> {
  const tables = sources.map(({ segment }) => segment.space(path)?.fields);
  const names = new Set(tables.flatMap((table) => [...(table?.names() ?? [])]));
  const fields = new FieldMap();
  for (const name of names) {
    // One after the other: those of stored segments are in memory only while they are needed.
    const parts = tables.flatMap((table, s): FieldPart[] => {
      const store = table?.get(name);
      return store === undefined ? [] : [{ store, map: maps[s] as SpaceMap }];
    });
    const field = yield* compactField(parts, count, pause);
    if (field !== undefined) fields.set(name, field);
  }
  return fields;
}

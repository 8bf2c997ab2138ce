import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { SegmentFile } from "../search/segment/stored/segment-file.ts";
import { NumberSet } from "../searcher/number-set.ts";
import { namesOf, parseManifest } from "../searcher/segment-manifest.ts";
import { damage, type Finding, reasonOf } from "./finding.ts";

export interface SegmentsCheck {
  readonly findings: readonly Finding[];
  /** Collections whose stored segments are not to be used, by their number. */
  readonly damaged: readonly number[];
  /** Names of the files that could be used. */
  readonly sound: number;
  /** Files that no collection names. */
  readonly unnamed: readonly string[];
}

/** Reads every stored segment as a whole, and compares which documents it knows with the rows. Changes nothing. */
export function checkSegments(database: DatabaseSync, folder: string): SegmentsCheck {
  const findings: Finding[] = [];
  const damaged: number[] = [];
  const named = new Set<string>();
  let sound = 0;
  const records = database
    .prepare(
      "SELECT s.collection, s.last, s.manifest, c.index_name, c.name FROM segments s LEFT JOIN collections c ON c.id = s.collection ORDER BY s.collection",
    )
    .all();
  for (const { collection, last, manifest, index_name, name } of records) {
    const text = String(manifest);
    for (const file of namesOf(text)) named.add(file);
    if (text === "") continue;
    const found =
      index_name === null
        ? [damage("store.db", `stored segments of collection ${collection}, which does not exist`)]
        : checkCollection(database, folder, Number(collection), Number(last), text, `${index_name}:${name}`);
    findings.push(...found);
    if (found.length > 0) damaged.push(Number(collection));
    else sound += namesOf(text).length;
  }
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return { findings, damaged, sound, unnamed: files.filter((file) => !named.has(file)) };
}

function checkCollection(
  database: DatabaseSync,
  folder: string,
  collection: number,
  last: number,
  manifest: string,
  place: string,
): Finding[] {
  let names: readonly string[];
  try {
    ({ names } = parseManifest(manifest));
  } catch (error) {
    return [damage(place, reasonOf(error))];
  }
  const findings: Finding[] = [];
  const known = new NumberSet();
  let greatest = 0;
  for (const name of names) {
    try {
      const numbers = readWhole(join(folder, name));
      for (const number of numbers) {
        if (number <= greatest) throw new Error(`The number ${number} is out of order, or there twice.`);
        greatest = number;
        known.add(number);
      }
    } catch (error) {
      findings.push(damage(`segments/${name}`, `${reasonOf(error)} (of ${place})`));
    }
  }
  if (findings.length > 0) return findings;
  if (greatest > last)
    findings.push(damage(place, `its segments reach number ${greatest}, and are said to reach ${last}`));
  let lacking = 0;
  const live = database.prepare(`SELECT number FROM ids_${collection} WHERE number <= ?`);
  for (const { number } of live.iterate(last)) if (!known.has(Number(number))) lacking++;
  if (lacking > 0) findings.push(damage(place, `its segments lack ${lacking} documents up to number ${last}`));
  return findings;
}

/** Reads every column. Answers the numbers of the documents, ascending. Throws what is wrong. */
function readWhole(path: string): Uint32Array {
  const file = new SegmentFile(path);
  try {
    const { docNumbers, spaces } = file.directory;
    for (const { path: space, parentOf, fields } of spaces) {
      file.read(parentOf, `${space} parentOf`);
      for (const [field, { columns }] of Object.entries(fields))
        for (const [name, place] of Object.entries(columns)) file.read(place, `${field} ${name}`);
    }
    const numbers = file.read(docNumbers, "docNumbers");
    if (!(numbers instanceof Uint32Array)) throw new Error("The numbers of its documents have another type.");
    return numbers;
  } finally {
    file.close();
  }
}

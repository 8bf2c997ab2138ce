import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { JSONObject } from "../../../../kernel/index.ts";
import type { Mappings, Settings, WriteFailure } from "../../document-store.ts";
import { checkDocument, type DocumentCheck } from "../../mapping/check-document.ts";
import { type CompiledMapping, compileMapping } from "../../mapping/compile-mapping.ts";
import type { ChangeCollector } from "../wire/change.ts";
import { type DecodedOperation, encodeFailure, encodeWritten, type Flat } from "../wire/operations.ts";
import { badRequest, parseContent } from "./content.ts";
import { timeOrderedId } from "./document-id.ts";
import { removeField } from "./field-path.ts";
import { mergeInto } from "./merge.ts";
import type { FindQueryFault } from "./query-check.ts";
import type { CollectionRow } from "./schema.ts";
import { isWriteBlocked } from "./settings.ts";
import { packSource, unpackSource } from "./source-text.ts";

interface PresentRow {
  readonly number: number;
  readonly version: number;
  readonly source: string;
}

const maxIdBytes = 512;
const exists: WriteFailure = { reason: "exists" };
const missing: WriteFailure = { reason: "missing" };
const conflict: WriteFailure = { reason: "conflict" };

/**
 * The writes of one collection, inside the transaction of whoever calls. An operation is checked as a whole before its first statement,
 * so that one that fails has written nothing, and its neighbours need no savepoint.
 */
export class CollectionWriter {
  readonly id: number;
  readonly index: string;
  readonly name: string;
  mappings: Mappings;
  settings: Settings;
  /** Numbers are never used twice within one run of the process: the search index relies on their order. */
  nextNumber: number;
  #compiled: CompiledMapping;
  #blocked: boolean;
  readonly #changes: ChangeCollector;
  readonly #findFault: FindQueryFault;
  readonly #present: StatementSync;
  readonly #insertId: StatementSync;
  readonly #insertRow: StatementSync;
  readonly #pointId: StatementSync;
  readonly #removeId: StatementSync;
  readonly #purgeRow: StatementSync;
  readonly #storeMappings: StatementSync;
  readonly #storeSettings: StatementSync;

  constructor(
    database: DatabaseSync,
    changes: ChangeCollector,
    row: CollectionRow,
    leastNumber: number,
    findFault: FindQueryFault,
  ) {
    this.#findFault = findFault;
    this.id = row.id;
    this.index = row.index_name;
    this.name = row.name;
    this.mappings = JSON.parse(row.mappings);
    this.settings = JSON.parse(row.settings);
    this.#compiled = compileMapping(this.mappings, this.settings);
    this.#blocked = isWriteBlocked(this.settings);
    this.#changes = changes;
    const { id } = row;
    const last = database.prepare(`SELECT max(number) AS number FROM rows_${id}`).get()?.number;
    this.nextNumber = Math.max(leastNumber, (typeof last === "number" ? last : 0) + 1);
    this.#present = database.prepare(
      `SELECT r.number, r.version, r.source FROM ids_${id} i CROSS JOIN rows_${id} r ON r.number = i.number WHERE i.id = ?`,
    );
    this.#insertId = database.prepare(`INSERT OR IGNORE INTO ids_${id} VALUES (?, ?)`);
    this.#insertRow = database.prepare(`INSERT INTO rows_${id} VALUES (?, ?, ?, ?)`);
    this.#pointId = database.prepare(`UPDATE ids_${id} SET number = ? WHERE id = ?`);
    this.#removeId = database.prepare(`DELETE FROM ids_${id} WHERE id = ?`);
    this.#purgeRow = database.prepare(`DELETE FROM rows_${id} WHERE number = ?`);
    this.#storeSettings = database.prepare("UPDATE collections SET settings = ? WHERE id = ?");
    this.#storeMappings = database.prepare("UPDATE collections SET mappings = ? WHERE id = ?");
  }

  /** Takes over what is stored, after a transaction was rolled back or settings were changed. */
  reload(row: CollectionRow): void {
    this.mappings = JSON.parse(row.mappings);
    this.settings = JSON.parse(row.settings);
    this.#compiled = compileMapping(this.mappings, this.settings);
    this.#blocked = isWriteBlocked(this.settings);
  }

  /** Applies one operation and appends its outcome. Errors thrown from here are the disk's, and end the transaction. */
  apply(operation: DecodedOperation, answers: Flat): void {
    const failure = this.#refusal(operation) ?? this.#run(operation, answers);
    if (failure !== undefined) encodeFailure(answers, operation.id, failure);
  }

  /** What is stored already is not written again, and nobody hears of it. */
  storeMappings(mappings: Mappings): void {
    const text = JSON.stringify(mappings);
    if (text === JSON.stringify(this.mappings)) return;
    this.#storeMappings.run(text, this.id);
    this.mappings = mappings;
    this.#compiled = compileMapping(mappings, this.settings);
    this.#changes.add({ kind: "mappings", collection: this.id, mappings });
  }

  /** Maps the fields of a stored document where the mapping is open; one that the mapping refuses by now changes nothing. */
  grow(text: string): void {
    const check = this.#check(JSON.parse(text));
    if (check.ok && check.mappings !== undefined) this.storeMappings(check.mappings);
  }

  storeSettings(settings: Settings): void {
    const text = JSON.stringify(settings);
    if (text === JSON.stringify(this.settings)) return;
    this.#storeSettings.run(text, this.id);
    this.settings = settings;
    this.#compiled = compileMapping(this.mappings, settings);
    this.#blocked = isWriteBlocked(settings);
    this.#changes.add({ kind: "settings", collection: this.id, settings });
  }

  /** Removes rows that nobody can read any more. */
  purge(numbers: readonly number[]): void {
    for (const number of numbers) this.#purgeRow.run(number);
  }

  #refusal(operation: DecodedOperation): WriteFailure | undefined {
    if (this.#blocked)
      return badRequest(`Collection "${this.index}:${this.name}" is closed for writes by its settings (blocks).`);
    const { id } = operation;
    if (id === undefined) return operation.kind === "create" || operation.kind === "index" ? undefined : missing;
    if (typeof id !== "string") return badRequest("The id of a document must be a string.");
    if (id === "" || (id.length * 3 > maxIdBytes && Buffer.byteLength(id) > maxIdBytes)) {
      return badRequest(`The id of a document has 1 to ${maxIdBytes} bytes.`);
    }
    // Half a character has no bytes of its own: two such ids would be one document.
    if (!id.isWellFormed())
      return badRequest("The id of a document must be well-formed Unicode, without half characters.");
    return undefined;
  }

  #run(operation: DecodedOperation, answers: Flat): WriteFailure | undefined {
    switch (operation.kind) {
      case "create":
        return this.#create(operation.id ?? timeOrderedId(), operation.text, answers);
      case "index":
        return this.#index(operation, answers);
      case "replace":
        return this.#replace(operation, answers);
      case "update":
        return this.#update(operation, answers);
      case "deleteFields":
        return this.#deleteFields(operation, answers);
      case "delete":
        return this.#delete(operation, answers);
    }
  }

  #create(id: string, text: string, answers: Flat): WriteFailure | undefined {
    const content = parseContent(text);
    return "reason" in content ? content : this.#insert(id, content.source, text, answers, undefined);
  }

  #insert(
    id: string,
    source: JSONObject,
    text: string,
    answers: Flat,
    echo: string | undefined,
  ): WriteFailure | undefined {
    const check = this.#check(source);
    if (!check.ok) return this.#refused(check);
    const number = this.nextNumber;
    if (this.#insertId.run(id, number).changes === 0) return exists;
    if (check.mappings !== undefined) this.storeMappings(check.mappings);
    this.nextNumber++;
    this.#append(number, undefined, id, 1, text);
    encodeWritten(answers, true, id, 1, echo);
    return undefined;
  }

  #index(operation: DecodedOperation, answers: Flat): WriteFailure | undefined {
    const { ifVersion } = operation;
    const id = operation.id ?? timeOrderedId();
    const present = operation.id === undefined ? undefined : this.#find(id);
    if (ifVersion !== undefined && ifVersion !== (present?.version ?? 0)) return conflict;
    if (present === undefined) return this.#create(id, operation.text, answers);
    const content = parseContent(operation.text);
    if ("reason" in content) return content;
    return this.#supersede(present, id, content.source, operation.text, answers, undefined);
  }

  #replace(operation: DecodedOperation, answers: Flat): WriteFailure | undefined {
    const id = operation.id ?? "";
    const present = this.#find(id);
    if (present === undefined) return missing;
    if (operation.ifVersion !== undefined && operation.ifVersion !== present.version) return conflict;
    const content = parseContent(operation.text);
    if ("reason" in content) return content;
    return this.#supersede(present, id, content.source, operation.text, answers, undefined);
  }

  #update(operation: DecodedOperation, answers: Flat): WriteFailure | undefined {
    const { ifVersion, upsert } = operation;
    const id = operation.id ?? "";
    const present = this.#find(id);
    if (present === undefined && upsert === undefined) return missing;
    if (ifVersion !== undefined && ifVersion !== (present?.version ?? 0)) return conflict;
    if (present === undefined) {
      const created = parseContent(upsert ?? "");
      if ("reason" in created) return created;
      return this.#insert(id, created.source, upsert ?? "", answers, operation.returnSource ? upsert : undefined);
    }
    return this.#rewrite(present, id, operation, answers, undefined);
  }

  #deleteFields(operation: DecodedOperation, answers: Flat): WriteFailure | undefined {
    const id = operation.id ?? "";
    const { fields } = operation;
    if (!Array.isArray(fields) || !fields.every((field) => typeof field === "string")) {
      return badRequest("The fields to delete must be a list of paths.");
    }
    const present = this.#find(id);
    if (present === undefined) return missing;
    if (operation.ifVersion !== undefined && operation.ifVersion !== present.version) return conflict;
    return this.#rewrite(present, id, operation, answers, fields);
  }

  /** Read, change, write: the fields are removed, then the changes are merged. */
  #rewrite(
    present: PresentRow,
    id: string,
    operation: DecodedOperation,
    answers: Flat,
    fields: readonly string[] | undefined,
  ): WriteFailure | undefined {
    const changes = parseContent(operation.text);
    if ("reason" in changes) return changes;
    const source: JSONObject = JSON.parse(present.source);
    if (fields !== undefined) for (const field of fields) removeField(source, field);
    const text = JSON.stringify(mergeInto(source, changes.source));
    return this.#supersede(present, id, source, text, answers, operation.returnSource ? text : undefined);
  }

  #delete(operation: DecodedOperation, answers: Flat): WriteFailure | undefined {
    const id = operation.id ?? "";
    const present = this.#find(id);
    if (present === undefined) return missing;
    if (operation.ifVersion !== undefined && operation.ifVersion !== present.version) return conflict;
    this.#removeId.run(id);
    this.#note(0, present, "", "");
    encodeWritten(answers, false, id, present.version + 1, operation.returnSource ? present.source : undefined);
    return undefined;
  }

  #supersede(
    present: PresentRow,
    id: string,
    source: JSONObject,
    text: string,
    answers: Flat,
    echo: string | undefined,
  ): WriteFailure | undefined {
    const check = this.#check(source);
    if (!check.ok) return this.#refused(check);
    if (check.mappings !== undefined) this.storeMappings(check.mappings);
    const number = this.nextNumber++;
    this.#pointId.run(number, id);
    this.#append(number, present, id, present.version + 1, text);
    encodeWritten(answers, false, id, present.version + 1, echo);
    return undefined;
  }

  #append(number: number, replaced: PresentRow | undefined, id: string, version: number, text: string): void {
    this.#insertRow.run(number, id, version, packSource(text));
    this.#note(number, replaced, id, text);
  }

  #note(number: number, replaced: PresentRow | undefined, id: string, text: string): void {
    const change = this.#changes.documents(this.id);
    change.numbers.push(number);
    change.replaced.push(replaced?.number ?? 0);
    change.freed.push(replaced === undefined ? 0 : Buffer.byteLength(replaced.source));
    change.ids.push(id);
    change.sources.push(text);
  }

  /** A defect in the check of one document must not take its neighbours' transaction with it. */
  #check(source: JSONObject): DocumentCheck {
    try {
      return this.#checkQueries(checkDocument(this.#compiled, source));
    } catch (error) {
      const message = `The document cannot be checked: ${error instanceof Error ? error.message : String(error)}`;
      return { ok: false, errorId: "services.storage.unexpected_bad_request", parameters: [message] };
    }
  }

  /** Stored queries are checked by the mapping as it is: fields that come with them are not there yet. */
  #checkQueries(check: DocumentCheck): DocumentCheck {
    if (!check.ok) return check;
    for (const { path, text } of check.queries ?? []) {
      const fault = this.#findFault(text, this.#compiled);
      if (fault === undefined) continue;
      const message = `Field "${path}" of type percolator cannot hold this query: ${fault}`;
      return { ok: false, errorId: "services.storage.unexpected_bad_request", parameters: [message] };
    }
    return check;
  }

  #refused(check: Extract<DocumentCheck, { ok: false }>): WriteFailure {
    const { errorId } = check;
    const isStrict = errorId === "services.storage.strict_mapping_rejection";
    return {
      reason: "rejected",
      errorId,
      parameters: isStrict ? [...check.parameters, this.index, this.name] : check.parameters,
    };
  }

  #find(id: string): PresentRow | undefined {
    // The cast: the statement names these columns.
    const row = this.#present.get(id) as PresentRow | undefined;
    return row === undefined ? undefined : { ...row, source: unpackSource(row.source) };
  }
}

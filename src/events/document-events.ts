import type { JSONObject, KuzzleRequest } from "../kernel/index.ts";

/** A document as actions on one document answer it. */
interface AnsweredDocument {
  _id: string;
  _source: JSONObject;
  _version: number;
}

/** `_source`: only when the request asks for it by `source`. */
interface ChangedDocument {
  _id: string;
  _version: number;
  _source?: JSONObject;
}

interface ListedDocument extends ChangedDocument {
  created?: boolean;
  result?: "created" | "updated";
  status: number;
}

interface Many<Success, Failure = { document: JSONObject; reason: string; status: number }> {
  successes: Success[];
  errors: Failure[];
}

interface FoundDocument {
  _id: string;
  index: string;
  collection: string;
  _score: number | null;
  /** Absent with `_source: false`. */
  _source?: JSONObject;
  /** With `version`. */
  _version?: number;
  /** With `seq_no_primary_term`, as is `_primary_term`. */
  _seq_no?: number;
  _primary_term?: number;
  /** With `explain`. */
  _explanation?: JSONObject;
  /** With `fields` and `docvalue_fields`. */
  fields?: JSONObject;
  highlight?: JSONObject;
  inner_hits?: Record<string, FoundDocument[]>;
}

interface FoundDocuments {
  hits: FoundDocument[];
  total: number;
  aggregations?: JSONObject;
  suggest?: JSONObject;
  scrollId?: string;
  remaining?: number;
}

/** What each action of the controller `document` answers. Source: contract/api/document.yaml. */
export interface DocumentResults {
  count: { count: number };
  create: AnsweredDocument;
  createOrReplace: AnsweredDocument & { created: boolean };
  delete: { _id: string; _source?: JSONObject; _version?: number };
  deleteByQuery: { documents: { _id: string; _source?: JSONObject }[]; ids: string[] };
  deleteFields: ChangedDocument;
  exists: boolean;
  /** A stream. */
  export: unknown;
  get: AnsweredDocument;
  mCreate: Many<ListedDocument>;
  mCreateOrReplace: Many<ListedDocument>;
  mDelete: Many<string, { _id: unknown; reason: string; status: number }>;
  mExists: Many<string, string>;
  mGet: Many<AnsweredDocument, string>;
  mReplace: Many<ListedDocument>;
  mUpdate: Many<ListedDocument>;
  mUpsert: Many<ListedDocument>;
  replace: AnsweredDocument;
  scroll: FoundDocuments;
  search: FoundDocuments;
  update: AnsweredDocument;
  updateByQuery: Many<ListedDocument>;
  upsert: ChangedDocument & { created: boolean };
  validate: { valid: boolean; errorMessages: JSONObject };
}

type DocumentAction = keyof DocumentResults;

/** The events of the actions on documents: what is asked, and afterwards also what is answered. */
export type DocumentEvents = {
  readonly [Action in DocumentAction as `document:${"before" | "error"}${Capitalize<Action>}`]: [
    request: KuzzleRequest,
  ];
} & {
  readonly [Action in DocumentAction as `document:after${Capitalize<Action>}`]: [
    request: KuzzleRequest & { readonly result: DocumentResults[Action] },
  ];
};

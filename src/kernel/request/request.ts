import { InternalError, KuzzleError } from "../errors/classes.ts";
import { kerror, kerrorFrom } from "../errors/kerror.ts";
import { revivedError } from "../errors/revived-error.ts";
import { uuid } from "../ids.ts";
import { isPlainObject, type JSONObject } from "../json.ts";
import { RequestContext, type RequestUser } from "./context.ts";
import { isCopiedRequest } from "./copied-request.ts";
import { isDateIn } from "./date-format.ts";
import { HttpStream } from "./http-stream.ts";
import { RequestInput } from "./input.ts";
import type { Lineage } from "./lineage.ts";
import * as readers from "./readers.ts";
import { plainCopy, serialized } from "./request-forms.ts";
import type { Deprecation, RequestOptions, ResultOptions } from "./request-options.ts";
import { RequestResponse, type ResponseOptions } from "./response.ts";
import { type SearchParams, scrollOf, searchParamsOf } from "./search-params.ts";

const development = process.env.NODE_ENV === "development";

/**
 * One request on its way through the pipeline: what was asked (`input`), by whom (`context`), and what is answered
 * (`status`, `result`, `error`, `response`). Plugins of the second generation get this very object.
 *
 * Shape: `new KuzzleRequest({ controller: "server", action: "now" }, { connection })`. `status` starts at 102.
 * Errors: `BadRequestError` when the payload has the wrong shape; the `get…` readers throw the ids of contract/wire.md section 4.
 * Source: contract/plugins/v2.md section 10.
 */
export class KuzzleRequest {
  #id: string;
  #internalId: string | undefined;
  #status = 102;
  #error: KuzzleError | null = null;
  #result: unknown = null;
  #response: RequestResponse | undefined;
  #deprecations: Deprecation[] | undefined;
  #lineage: Lineage | undefined;
  readonly #input: RequestInput;
  readonly #context: RequestContext;
  readonly #timestamp: number;
  /** Id of the node that answers; the entry point writes it before the first step. */
  node: string;

  constructor(data: unknown, options: RequestOptions = {}) {
    this.#input = new RequestInput(data);
    this.#context = new RequestContext(options);
    const { args } = this.#input;
    const { timestamp } = args;
    const requestId = options.requestId ?? args.requestId;
    if (requestId !== undefined && requestId !== null && typeof requestId !== "string") {
      throw kerror("api.assert.invalid_type", "requestId", "string");
    }
    this.#id = requestId || uuid();
    if (options.previous !== undefined) this.#lineage = { ...options.previous.#ownLineage, previous: options.previous };
    this.#timestamp = typeof timestamp === "number" && timestamp !== 0 ? timestamp : Date.now();
    this.node = options.node ?? "";
    if (options.status !== undefined) this.status = options.status;
    if (isPlainObject(options.error)) this.setError(revivedError(options.error));
    else if (options.error instanceof Error) this.setError(options.error);
    else if (options.result !== undefined && options.result !== null) this.#result = options.result;
    Object.seal(this);
  }

  /** Made by this very class, whatever `instanceof` says of copies of it. */
  static isOwn(candidate: unknown): candidate is KuzzleRequest {
    return typeof candidate === "object" && candidate !== null && #id in candidate;
  }

  /** Plugins may carry a copy of the class: its objects count. */
  static [Symbol.hasInstance](candidate: unknown): candidate is KuzzleRequest {
    return KuzzleRequest.isOwn(candidate) || isCopiedRequest(candidate);
  }

  get id(): string {
    return this.#id;
  }

  set id(id: string) {
    if (typeof id !== "string") throw kerror("api.assert.invalid_type", "requestId", "string");
    this.#id = id;
  }

  get input(): RequestInput {
    return this.#input;
  }

  get context(): RequestContext {
    return this.#context;
  }

  /** Epoch milliseconds: the client's `timestamp`, else when the request was made. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /** Unique for this process, whatever the client sent as request id. */
  get internalId(): string {
    this.#internalId ??= uuid();
    return this.#internalId;
  }

  /** The request in whose name this one was made. */
  get previous(): KuzzleRequest | null {
    return this.#lineage?.previous ?? null;
  }

  /** The first of the requests that were made in each other's name. */
  get origin(): KuzzleRequest {
    return this.#lineage?.origin ?? this;
  }

  /** Notes that an event was fired for this request, and so for all that are made in its name. */
  triggers(event: string): void {
    this.#ownLineage.triggered.add(event);
  }

  /** True when {@link triggers} was told of the event by any of them. */
  hasTriggered(event: string): boolean {
    return this.#lineage?.triggered.has(event) ?? false;
  }

  get #ownLineage(): Lineage {
    this.#lineage ??= { origin: this, previous: null, triggered: new Set() };
    return this.#lineage;
  }

  get status(): number {
    return this.#status;
  }

  set status(status: number) {
    if (!Number.isInteger(status)) throw new InternalError("The status of a request must be an integer.");
    this.#status = status;
  }

  get error(): KuzzleError | null {
    return this.#error;
  }

  get result(): unknown {
    return this.#result;
  }

  get response(): RequestResponse {
    this.#response ??= new RequestResponse(this);
    return this.#response;
  }

  /** True once somebody looked at the response: until then there are no headers and no raw format to care for. */
  get hasResponse(): boolean {
    return this.#response !== undefined;
  }

  get deprecations(): readonly Deprecation[] | undefined {
    return this.#deprecations;
  }

  /** Keeps the error as it is when it is one of the API's, else hides it behind `plugin.runtime.unexpected_error`. */
  setError(error: Error): void {
    if (!(error instanceof Error)) throw new InternalError("setError needs an instance of Error.");
    this.#error =
      error instanceof KuzzleError ? error : kerrorFrom(error, "plugin.runtime.unexpected_error", error.message);
    this.#status = this.#error.status;
  }

  clearError(): void {
    this.#error = null;
    this.#status = 200;
  }

  setResult(result: unknown, options: ResultOptions = {}): void {
    if (result instanceof Error) throw new InternalError("An error cannot be a result: use setError.");
    if (result instanceof HttpStream && !this.isHttp) throw kerror("api.assert.forbidden_stream");
    this.#status = options.status ?? 200;
    if (options.headers !== undefined || options.raw !== undefined) {
      this.response.configure({
        headers: options.headers ?? null,
        status: this.#status,
        format: options.raw === true ? "raw" : "standard",
      });
    }
    this.#result = result;
  }

  /** Only in development: `NODE_ENV=development`. */
  addDeprecation(version: string, message: string): void {
    if (!development) return;
    this.#deprecations ??= [];
    this.#deprecations.push({ version, message });
  }

  get isHttp(): boolean {
    return this.context.connection.protocol === "http";
  }

  /** Everything needed to make the same request elsewhere. */
  serialize(): { data: JSONObject; options: JSONObject; headers: unknown } {
    return serialized(this);
  }

  /** A plain copy, for logs and for other processes. */
  pojo(): JSONObject {
    return plainCopy(this);
  }

  /** The arguments as a place to read from. */
  get argumentsPlace(): readers.Place {
    return { holder: this.input.args, prefix: "", isHttp: this.isHttp };
  }

  get bodyPlace(): readers.Place {
    return { holder: this.input.body, prefix: "body.", isHttp: this.isHttp };
  }

  getController(): string | null {
    return this.input.controller;
  }

  getAction(): string | null {
    return this.input.action;
  }

  getUser(): RequestUser | null {
    return this.context.user;
  }

  getKuid(): string | null {
    return this.context.user?._id ?? null;
  }

  userIsAdmin(): boolean {
    return this.context.user?.profileIds.includes("admin") ?? false;
  }

  getBody(fallback?: JSONObject): JSONObject {
    const { body } = this.input;
    if (body !== null) return body as JSONObject;
    if (fallback === undefined) throw kerror("api.assert.body_required");
    return fallback;
  }

  getBodyBoolean(name: string): boolean {
    return readers.readBoolean(this.bodyPlace, name);
  }

  getBodyNumber(name: string, fallback?: number): number {
    return readers.readNumber(this.bodyPlace, name, fallback);
  }

  getBodyInteger(name: string, fallback?: number): number {
    return readers.readInteger(this.bodyPlace, name, fallback);
  }

  getBodyString(name: string, fallback?: string): string {
    return readers.readString(this.bodyPlace, name, fallback);
  }

  getBodyArray(name: string, fallback?: unknown[]): unknown[] {
    return readers.readArray(this.bodyPlace, name, fallback);
  }

  getBodyObject(name: string, fallback?: JSONObject): JSONObject {
    return readers.readObject(this.bodyPlace, name, fallback);
  }

  /** Over HTTP presence means true, and the argument is rewritten to true. */
  getBoolean(name: string): boolean {
    const value = readers.readBoolean(this.argumentsPlace, name);
    if (value && this.isHttp) this.input.args[name] = true;
    return value;
  }

  getNumber(name: string, fallback?: number): number {
    return readers.readNumber(this.argumentsPlace, name, fallback);
  }

  getInteger(name: string, fallback?: number): number {
    return readers.readInteger(this.argumentsPlace, name, fallback);
  }

  getString(name: string, fallback?: string): string {
    return readers.readString(this.argumentsPlace, name, fallback);
  }

  getArray(name: string, fallback?: unknown[]): unknown[] {
    return readers.readArray(this.argumentsPlace, name, fallback);
  }

  getArrayLegacy(name: string, fallback?: unknown[]): unknown[] {
    return readers.readList(this.argumentsPlace, name, fallback);
  }

  getObject(name: string, fallback?: JSONObject): JSONObject {
    return readers.readObject(this.argumentsPlace, name, fallback);
  }

  getObjectFromBodyOrArgs(name: string, fallback?: JSONObject): JSONObject {
    const place = this.#isHttpGet ? this.argumentsPlace : this.bodyPlace;
    return readers.readObject(place, name, fallback);
  }

  getArrayFromBodyOrArgs(name: string, fallback?: unknown[]): unknown[] {
    const place = this.#isHttpGet ? this.argumentsPlace : this.bodyPlace;
    return readers.readArray(place, name, fallback);
  }

  /** The text of a date argument, unchanged: ISO 8601, or in a format such as `YYYY-MM-DD`. */
  getDate(name: string, format?: string): string {
    const text = this.getString(name);
    const isDate = format === undefined ? !Number.isNaN(Date.parse(text)) : isDateIn(text, format);
    if (!isDate) throw kerror("api.assert.invalid_argument", name, format ?? "an ISO 8601 date");
    return text;
  }

  /** A positive integer: epoch milliseconds. */
  getTimestamp(name: string): number {
    const timestamp = this.getInteger(name);
    if (timestamp < 0) throw kerror("api.assert.invalid_argument", name, "an epoch in milliseconds");
    return timestamp;
  }

  getIndex({ required = true }: { readonly required?: boolean } = {}): string {
    return this.#name("index", required);
  }

  getCollection({ required = true }: { readonly required?: boolean } = {}): string {
    return this.#name("collection", required);
  }

  getIndexAndCollection(): { index: string; collection: string } {
    return { index: this.getIndex(), collection: this.getCollection() };
  }

  #name(name: "index" | "collection", required: boolean): string {
    const value = this.input.args[name];
    if (typeof value === "object" && value !== null) throw kerror("api.assert.invalid_type", name, "string");
    if (value) return String(value);
    if (required) throw kerror("api.assert.missing_argument", name);
    return value as string;
  }

  getId(options?: { readonly ifMissing?: "error"; readonly generator?: () => string }): string;
  getId(options: { readonly ifMissing: "generate"; readonly generator?: () => string }): string;
  getId(options: { readonly ifMissing: "ignore"; readonly generator?: () => string }): string | null;
  getId({
    ifMissing = "error",
    generator = uuid,
  }: {
    readonly ifMissing?: "error" | "generate" | "ignore";
    readonly generator?: () => string;
  } = {}): string | null {
    const { _id: id } = this.input.args;
    if (id === undefined || id === null || id === "") {
      if (ifMissing === "generate") return generator();
      if (ifMissing === "ignore") return null;
      throw kerror("api.assert.missing_argument", "_id");
    }
    if (typeof id !== "string") throw kerror("api.assert.invalid_type", "_id", "string");
    return id;
  }

  get #isHttpGet(): boolean {
    return this.isHttp && this.context.connection.misc.verb === "GET";
  }

  getSearchBody(): JSONObject {
    if (!this.#isHttpGet) return this.getBody({});
    const { searchBody } = this.input.args;
    if (searchBody === undefined || searchBody === "") return {};
    return readers.readObject(this.argumentsPlace, "searchBody");
  }

  getSearchParams(): SearchParams {
    return searchParamsOf(this);
  }

  getScrollTTLParam(): string | undefined {
    return scrollOf(this.input.args);
  }

  getLangParam(): "elasticsearch" | "koncorde" {
    const lang = this.getString("lang", "elasticsearch");
    if (lang !== "elasticsearch" && lang !== "koncorde") {
      throw kerror("api.assert.invalid_argument", "lang", '"elasticsearch" or "koncorde"');
    }
    return lang;
  }

  /** The strict form: a string, "wait_for" or "false". */
  getRefresh(fallback: "false" | "wait_for" = "false"): "false" | "wait_for" {
    const refresh = this.getString("refresh", fallback);
    if (refresh !== "false" && refresh !== "wait_for") {
      throw kerror("services.storage.invalid_argument", "refresh", '"wait_for" or "false"');
    }
    return refresh;
  }
}

export type { ResponseOptions };

/** The shared words of all rooms: request and response, errors, ids, clock, log. Imports nothing of ours. */
export { type Clock, systemClock } from "./clock.ts";
export { catalogue, type ErrorId } from "./errors/catalogue/index.ts";
export * from "./errors/classes.ts";
export type { ErrorDefinition } from "./errors/definition.ts";
export { type ErrorParameters, errorFrom, kerror, kerrorFrom, kerrorWith } from "./errors/kerror.ts";
export { giveWay } from "./give-way.ts";
export { randomDocumentId, uuid } from "./ids.ts";
export { isDeeper, isPlainObject, type JSONObject } from "./json.ts";
export { JsonText } from "./json-text.ts";
export { createLogger, type LineLevel, type LogFields, type Logger, silentLogger } from "./log.ts";
export { randomAdjective, randomName, randomNoun } from "./random-names.ts";
export { findRecorder, type Recorded, type Recorder, recordedChannel } from "./recorder.ts";
export { ClientConnection, Connection } from "./request/connection.ts";
export { RequestContext, type RequestContextOptions, type RequestToken, type RequestUser } from "./request/context.ts";
export { Headers, type HeaderValue } from "./request/headers.ts";
export { HttpStream } from "./request/http-stream.ts";
export { type RequestArguments, RequestInput, RequestResource } from "./request/input.ts";
export { ownRequest } from "./request/own-request.ts";
export * as readers from "./request/readers.ts";
export { KuzzleRequest } from "./request/request.ts";
export type { Deprecation, RequestOptions, ResultOptions } from "./request/request-options.ts";
export {
  RequestResponse,
  type ResponseContent,
  type ResponseOptions,
  type SerializedResponse,
} from "./request/response.ts";
export { type MarkName, markCells, RunningMarks } from "./running-marks.ts";
export { didYouMean, editDistance } from "./similar-names.ts";
export { valuesAt } from "./source-values.ts";
export type { SpanAttributes, Traces, Tracing } from "./tracing.ts";

import { MemoryStoreError } from "../memory-store.ts";

const refusal = (text: string) => (): MemoryStoreError => new MemoryStoreError(text);

/** What the engine answers to a command that it refuses, by the names of contract/memory-storage.md section 4. Texts are Redis'. */
export const refusals = {
  wrongType: refusal("WRONGTYPE Operation against a key holding the wrong kind of value"),
  notHll: refusal("WRONGTYPE Key is not a valid HyperLogLog string value."),
  notInteger: refusal("ERR value is not an integer or out of range"),
  notFloat: refusal("ERR value is not a valid float"),
  hashNotInteger: refusal("ERR hash value is not an integer"),
  hashNotFloat: refusal("ERR hash value is not a float"),
  overflow: refusal("ERR increment or decrement would overflow"),
  decrementOverflow: refusal("ERR decrement would overflow"),
  nanOrInfinity: refusal("ERR increment would produce NaN or Infinity"),
  nanScore: refusal("ERR resulting score is not a number (NaN)"),
  syntax: refusal("ERR syntax error"),
  noSuchKey: refusal("ERR no such key"),
  indexRange: refusal("ERR index out of range"),
  bitArgument: refusal("ERR The bit argument must be 1 or 0."),
  bitOffset: refusal("ERR bit offset is not an integer or out of range"),
  bitopNotArity: refusal("ERR BITOP NOT must be called with a single source key."),
  rangeBoundFloat: refusal("ERR min or max is not a float"),
  rangeBoundLex: refusal("ERR min or max not valid string range item"),
  minPositive: refusal("ERR value is out of range, must be positive"),
  countRange: refusal("ERR value is out of range"),
  invalidCursor: refusal("ERR invalid cursor"),
  weightNotFloat: refusal("ERR weight value is not a float"),
  geoUnit: refusal("ERR unsupported unit provided. please use M, KM, FT, MI"),
  geoRadius: refusal("ERR need numeric radius"),
  geoNegativeRadius: refusal("ERR radius cannot be negative"),
  geoMember: refusal("ERR could not decode requested zset member"),
  geoCount: refusal("ERR COUNT must be > 0"),
  geoStore: refusal("ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options"),
  sortScores: refusal("ERR One or more scores can't be converted into double"),
  objectFrequency: refusal("ERR An LFU maxmemory policy is not selected, access frequency not tracked."),
  patternTooLong: refusal("ERR pattern is too long: at most 1024 bytes when it holds wildcards"),
  textTooLong: refusal("ERR string exceeds maximum allowed size (proto-max-bulk-len)"),
  journalFull: refusal(
    "MISCONF The journal cannot be written as fast as commands come, or not at all. The server's log says why.",
  ),
  aborted: refusal("EXECABORT Transaction discarded because of previous errors."),
  arity: (command: string) => new MemoryStoreError(`ERR wrong number of arguments for '${command}' command`),
  unknownCommand: (command: string) => new MemoryStoreError(`ERR unknown command '${command.slice(0, 128)}'`),
  invalidExpiry: (command: string) => new MemoryStoreError(`ERR invalid expire time in '${command}' command`),
  geoCoordinates: (longitude: number, latitude: number) =>
    new MemoryStoreError(`ERR invalid longitude,latitude pair ${longitude.toFixed(6)},${latitude.toFixed(6)}`),
  unknownSubcommand: (name: string) =>
    new MemoryStoreError(`ERR unknown subcommand '${name.slice(0, 128)}'. Try OBJECT HELP.`),
} as const;

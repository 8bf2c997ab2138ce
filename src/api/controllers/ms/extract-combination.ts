import { kerror, type RequestInput } from "../../../kernel/index.ts";
import { member, pushTexts, requiredArray, requiredBody, truthyId } from "./texts.ts";

/** zinterstore and zunionstore: `<_id> <number of keys> <keys...> [WEIGHTS <w...>] [AGGREGATE <SUM|MIN|MAX>]` */
export function extractCombination(input: RequestInput): string[] {
  const id = truthyId(input);
  const body = requiredBody(input);
  const keys = requiredArray(body, "keys");
  if (keys.length === 0) throw kerror("api.assert.empty_argument", "keys");
  const texts = [id, String(keys.length)];
  pushTexts(keys, "keys", texts);
  pushWeights(member(body, "weights"), texts);
  pushAggregate(member(body, "aggregate"), texts);
  return texts;
}

function pushWeights(weights: unknown, texts: string[]): void {
  if (!weights) return;
  if (!Array.isArray(weights)) throw kerror("api.assert.invalid_type", "body.weights", "array");
  if (weights.length === 0) return;
  texts.push("WEIGHTS");
  pushTexts(weights, "weights", texts);
}

function pushAggregate(aggregate: unknown, texts: string[]): void {
  if (!aggregate) return;
  if (typeof aggregate !== "string") throw kerror("api.assert.invalid_type", "body.aggregate", "string");
  const name = aggregate.toUpperCase();
  if (name !== "SUM" && name !== "MIN" && name !== "MAX") {
    throw kerror("api.assert.invalid_argument", "aggregate", '"SUM", "MIN" or "MAX"');
  }
  texts.push("AGGREGATE", name);
}

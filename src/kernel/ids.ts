import { randomBytes, randomUUID } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

let pool = Buffer.alloc(0);
let used = 0;

/** 20 URL-safe characters, 120 random bits: ids of documents that come without one. */
export function randomDocumentId(): string {
  if (used + 20 > pool.length) {
    pool = randomBytes(4_000);
    used = 0;
  }
  let id = "";
  for (let i = 0; i < 20; i++) id += alphabet[(pool[used++] ?? 0) & 63];
  return id;
}

/** UUID version 4: ids of requests, connections and API keys. */
export const uuid = (): string => randomUUID();

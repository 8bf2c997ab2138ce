import { createHash, timingSafeEqual } from "node:crypto";
import { type AccessControl, tenonControllerName } from "../../api/index.ts";
import type { KuzzleRequest } from "../../kernel/index.ts";

/**
 * Lets a scraper in that sends the configured token as its bearer token, as Prometheus does by `authorization.credentials`; it may read the
 * figures and nothing else. All others are judged as before. Without a token nothing is put in the way.
 */
export function withScraper(access: AccessControl, token: string): AccessControl {
  if (token === "") return access;
  const expected = digest(token);
  const admitted = new WeakSet<KuzzleRequest>();
  const isScraper = ({ input }: KuzzleRequest): boolean =>
    input.action === "metrics" &&
    input.controller === tenonControllerName &&
    input.jwt !== null &&
    timingSafeEqual(digest(input.jwt), expected);
  return {
    identify: (request) => {
      if (isScraper(request)) {
        admitted.add(request);
        request.input.jwt = null; // it is no token of a user: the scraper goes on as the anonymous one
      }
      return access.identify(request);
    },
    authorize: (request) => (admitted.has(request) ? undefined : access.authorize(request)),
    ...(access.privilege === undefined ? {} : { privilege: access.privilege.bind(access) }),
    limit: (request) => (admitted.has(request) ? undefined : access.limit(request)),
    audit: (request, origin) => access.audit?.(request, origin),
  };
}

/** Of one length, whatever was sent. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

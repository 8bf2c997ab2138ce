import { bool, section, text } from "./option.ts";

export const http = section("Answers over HTTP.", {
  routes: {
    type: "array",
    items: { type: "object", additionalProperties: {} },
    default: [],
    description: "Routes of the API's own actions: the server fills them in, they are not meant to be changed.",
  },
  accessControlAllowOrigin: {
    anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
    default: "*",
    description: "Origins that browsers may call from: a list, or text with commas; `*` for all.",
  },
  accessControlAllowOriginUseRegExp: bool(false, "The origins are regular expressions."),
  accessControlAllowMethods: text("GET,POST,PUT,PATCH,DELETE,OPTIONS,HEAD", "Access-Control-Allow-Methods header."),
  accessControlAllowHeaders: text(
    "Content-Type, Access-Control-Allow-Headers, Authorization, X-Requested-With, Content-Encoding, Content-Length, X-Kuzzle-Volatile",
    "Access-Control-Allow-Headers header.",
  ),
  cookieAuthentication: bool(
    true,
    "Let browsers keep the token in a cookie; name the accepted origins when it matters.",
  ),
});

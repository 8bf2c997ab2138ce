import { kerror } from "../../kernel/index.ts";

export type BodyFormat = "json" | "urlencoded" | "multipart";

/**
 * How the body is to be read, by the Content-Type header; absent means JSON.
 *
 * Errors: `network.http.unsupported_content`, `network.http.unsupported_charset`.
 */
export function bodyFormat(contentType: string | undefined, additional: readonly string[]): BodyFormat {
  if (contentType === undefined || contentType === "" || contentType === "application/json") return "json";
  const semicolon = contentType.indexOf(";");
  const base = (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  const format = formatOf(base, additional);
  if (semicolon >= 0) checkCharset(contentType.slice(semicolon + 1));
  return format;
}

function formatOf(base: string, additional: readonly string[]): BodyFormat {
  switch (base) {
    case "application/json":
      return "json";
    case "application/x-www-form-urlencoded":
      return "urlencoded";
    case "multipart/form-data":
      return "multipart";
    default:
      if (additional.includes(base)) return "json";
      throw kerror("network.http.unsupported_content", base);
  }
}

function checkCharset(parameters: string): void {
  for (const parameter of parameters.split(";")) {
    const equals = parameter.indexOf("=");
    if (equals < 0 || parameter.slice(0, equals).trim().toLowerCase() !== "charset") continue;
    const charset = parameter
      .slice(equals + 1)
      .trim()
      .replaceAll('"', "")
      .toLowerCase();
    if (charset !== "utf-8" && charset !== "utf8") throw kerror("network.http.unsupported_charset", charset);
  }
}

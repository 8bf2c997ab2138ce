import { type JSONObject, kerror, kerrorFrom } from "../../kernel/index.ts";

export interface FormLimits {
  readonly maxFormFileSizeBytes: number;
}

/** A form with more parts than this is refused: each part costs far more than its bytes. A guess; no known client comes near. */
const maxParts = 1_000;

/**
 * A `multipart/form-data` body: fields as text, files as `{ filename, encoding, mimetype, file: <base64> }`. A name that comes
 * twice has an array.
 *
 * Errors: `network.http.file_too_large`; `network.http.unexpected_error` for a body that is no form.
 */
export async function parseForm(body: Buffer, contentType: string, limits: FormLimits): Promise<JSONObject> {
  const { default: busboy } = await import("busboy"); // most servers never see a form
  return new Promise((resolve, reject) => {
    const form: JSONObject = {};
    const fail = (error: unknown): void =>
      reject(kerrorFrom(error, "network.http.unexpected_error", "the body is not a valid form"));
    try {
      const { maxFormFileSizeBytes } = limits;
      const parser = busboy({
        headers: { "content-type": contentType },
        defParamCharset: "utf8",
        // One more than allowed, so that a part of exactly the limit does not count as cut.
        limits: { fileSize: maxFormFileSizeBytes + 1, fieldSize: maxFormFileSizeBytes + 1, parts: maxParts },
      });
      const tooLarge = (): void => reject(kerror("network.http.file_too_large"));
      parser.on("field", (name, value, info) => {
        if (info.valueTruncated || Buffer.byteLength(value) > maxFormFileSizeBytes) tooLarge();
        else addField(form, name, value);
      });
      parser.on("file", (name, stream, info) => {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("error", fail);
        stream.on("close", () => {
          const bytes = Buffer.concat(chunks);
          if (bytes.length > maxFormFileSizeBytes) tooLarge();
          const { filename, mimeType } = info;
          addField(form, name, { filename, encoding: mimeType, mimetype: mimeType, file: bytes.toString("base64") });
        });
      });
      parser.on("partsLimit", () => fail(new Error(`more than ${maxParts} parts`)));
      parser.on("error", fail);
      parser.on("close", () => resolve(form));
      parser.end(body);
    } catch (error) {
      fail(error);
    }
  });
}

/** Adds one value under a name that the client chose. */
export function addField(target: JSONObject, name: string | undefined, value: unknown): void {
  if (name === undefined || name === "__proto__") return; // would replace the prototype
  const before = Object.hasOwn(target, name) ? target[name] : undefined;
  if (before === undefined) target[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else target[name] = [before, value];
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { analyzeText } from "../analyze-text.ts";

const kinds: Readonly<Record<string, string>> = { "<URL>": "U", "<EMAIL>": "E", "<NUM>": "N" };

/** `example.com/U`: words with the first letter of their type unless they are plain. */
function words(text: string, members: Record<string, unknown> = {}): string {
  const tokenizer = { urls: { type: "uax_url_email", ...members } };
  const analyzer = { addresses: { type: "custom", tokenizer: "urls" } };
  return analyzeText(text, "addresses", { analysis: { tokenizer, analyzer } })
    .map(({ token, type }) => `${token}${type === "<ALPHANUM>" ? "" : `<${kinds[type] ?? type}`}`)
    .join(" | ");
}

test("URLs stay whole, with and without a scheme", () => {
  assert.equal(
    words("See http://user:pw@example.com:8080/a/b?c=d#e or example.org/x"),
    "See | http://user:pw@example.com:8080/a/b?c=d#e<U | or | example.org/x<U",
  );
  assert.equal(
    words("ftp://h/x;type=i#f file:///etc/hosts ftp://h"),
    "ftp://h/x;type=i#f<U | file:///etc/hosts<U | ftp | h",
  );
  assert.equal(
    words("http://intranet http:// [::1]:80/x 1.2.3.4"),
    "http://intranet<U | http | [::1]:80/x<U | 1.2.3.4<U",
  );
});

test("a bare host is one in a top-level domain only, where the word ends with it", () => {
  assert.equal(
    words("a.com a.COM. a.coop a.comx a.com-x a.nope"),
    "a.com<U | a.COM.<U | a.coop<U | a.comx | a.com | x | a.nope",
  );
  assert.equal(words("1.2.3.4.comx x.1.com.comé"), "1.2.3.4<U | comx | x.1.com<U | comé");
  assert.equal(words("at example.com."), "at | example.com<U");
});

test("e-mail addresses stay whole", () => {
  assert.equal(words("To: ada.l+x@example.co.uk, <b@c.de>"), "To | ada.l+x@example.co.uk<E | b@c.de<E");
  assert.equal(words('"a b".c@d.org x@[1.2.3.4] a@b é@c.de'), '"a b".c@d.org<E | x@[1.2.3.4]<E | a | b | é | c.de<U');
});

test("everything else is cut into words as by the standard tokenizer", () => {
  assert.equal(words("The can't 3.14 foo_bar"), "The | can't | 3.14<N | foo_bar");
});

test("nothing beyond max_token_length is looked at", () => {
  assert.equal(words("http://example.com/abc", { max_token_length: 14 }), "http://example<U | com | abc");
  assert.equal(words("ada@example.com", { max_token_length: 10 }), "ada | example.co<U | m");
});

test("time grows with the length of a text only, whatever the length of a word may be", () => {
  const members = { max_token_length: 2 ** 20 };
  for (const piece of ["1.a.", "a!a.", '"".', '\\"', "a@[x", "1.com-.", "http://a:b", "a,"]) {
    const text = `${piece.repeat(200_000 / piece.length)}@x`;
    const startedAt = performance.now();
    words(text, members);
    // A second pass over the rest of the text at each word would take minutes.
    assert.ok(performance.now() - startedAt < 5_000, piece);
  }
});

import { DomainNames } from "./addresses/domain-names.ts";
import { EmailAddresses } from "./addresses/email-addresses.ts";
import { endOfUrl } from "./addresses/urls.ts";
import { endOfWord, typeOfWord } from "./standard.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** `uax_url_email`: the words of the standard tokenizer, with URLs and e-mail addresses whole; at most `limit` units long. */
export const urlEmailTokenizer =
  (limit: number): Tokenizer =>
  (text, tokens, firstPosition) => {
    const names = new DomainNames(text);
    const emails = new EmailAddresses(text);
    let position = firstPosition;
    for (let at = 0; at < text.length; ) {
      const last = Math.min(text.length, at + limit);
      const word = endOfWord(text, at, limit);
      const url = endOfUrl(text, at, last, names);
      const email = emails.endOf(at, last);
      // A bare host is told by the character behind it, which counts.
      const isUrl = url >= email && url + 1 >= word && url > 0;
      const end = isUrl ? url : Math.max(word, email);
      if (end < 0) {
        // Where no address begins at a sign that joins words, none begins at the next one.
        at = -word;
        continue;
      }
      tokens.push(text.slice(at, end), position++, at, end);
      if (tokens.isRich)
        tokens.types[tokens.count - 1] = isUrl ? "<URL>" : end === email ? "<EMAIL>" : typeOfWord(text, at, end);
      at = end;
    }
    return position;
  };

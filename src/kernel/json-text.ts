/**
 * A result that is JSON text already: documents travel from the disk to the client as the text that was stored. Protocols splice the
 * text into the envelope; whoever needs the object parses it.
 */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  parse(): unknown {
    return JSON.parse(this.text);
  }

  /** For encoders that know nothing of this class: right, only slower. */
  toJSON(): unknown {
    return this.parse();
  }
}

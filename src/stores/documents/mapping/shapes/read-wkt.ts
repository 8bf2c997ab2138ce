import { InvalidValue } from "../invalid-value.ts";
import { boxOf, lineOf, ringOf } from "./build-geometry.ts";
import type { Geometry, Position, ShapeOptions } from "./geometry.ts";

const maxDepth = 50;

/** Reads well-known text: `POINT (lon lat)`, `POLYGON ((…), (…))`, `BBOX (west, east, north, south)` and so on. */
export class WktReader {
  readonly #options: ShapeOptions;
  readonly #tokens: RegExp;
  readonly #text: string;
  #token = "";

  constructor(text: string, options: ShapeOptions) {
    this.#text = text;
    this.#options = options;
    this.#tokens = /\s*([(),]|[^\s(),]+)/y;
  }

  /** What follows the shape of a document is not looked at, as in the reference engine. */
  read(into: Geometry[]): void {
    this.#next();
    this.#shape(into, 1);
    if (this.#options.isQuery && this.#token !== "") throw new InvalidValue(`"${this.#shown}" follows the shape`);
  }

  #next(): string {
    this.#token = this.#tokens.exec(this.#text)?.[1] ?? "";
    return this.#token;
  }

  #expect(token: string): void {
    if (this.#token !== token)
      throw new InvalidValue(`expected "${token}" but found ${this.#token === "" ? "the end" : `"${this.#shown}"`}`);
    this.#next();
  }

  get #shown(): string {
    return this.#token.slice(0, 40);
  }

  #number(): number {
    const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(this.#token);
    if (!isNumber || !Number.isFinite(Number(this.#token)))
      throw new InvalidValue(`expected a number but found "${this.#shown}"`);
    const number = Number(this.#token);
    this.#next();
    return number;
  }

  /** The token that the shape begins with has been read. */
  #shape(into: Geometry[], depth: number): void {
    const name = this.#token.toLowerCase();
    this.#next();
    if (this.#token.toLowerCase() === "empty" && shapeNames.has(name)) {
      this.#next();
      return;
    }
    switch (name) {
      case "point":
        into.push({ kind: "point", at: this.#inside(() => this.#position()) });
        return;
      case "multipoint":
        for (const at of this.#list(() => this.#multipointMember())) into.push({ kind: "point", at });
        return;
      case "linestring":
        into.push(this.#line());
        return;
      case "multilinestring":
        into.push(...this.#list(() => this.#line()));
        return;
      case "polygon":
        into.push(this.#polygon());
        return;
      case "multipolygon":
        into.push(...this.#list(() => this.#polygon()));
        return;
      case "bbox":
      case "envelope":
        if (name === "envelope" && !this.#options.isQuery) throw new InvalidValue("an envelope is written as BBOX");
        into.push(this.#box());
        return;
      case "geometrycollection":
        if (depth >= maxDepth) throw new InvalidValue(`collections are nested deeper than ${maxDepth} levels`);
        this.#list(() => this.#shape(into, depth + 1));
        return;
      default:
        throw new InvalidValue(`"${name.slice(0, 40)}" is not a type of shape`);
    }
  }

  #inside<T>(read: () => T): T {
    this.#expect("(");
    const value = read();
    this.#expect(")");
    return value;
  }

  #list<T>(read: () => T): T[] {
    return this.#inside(() => {
      const list = [read()];
      while (this.#token === ",") {
        this.#next();
        list.push(read());
      }
      return list;
    });
  }

  #position(): Position {
    const position: Position = [this.#number(), this.#number()];
    if (this.#token === ")" || this.#token === ",") return position;
    this.#number();
    if (!this.#options.ignoreZ)
      throw new InvalidValue('a position has a third coordinate, and "ignore_z_value" is false');
    return position;
  }

  #multipointMember(): Position {
    const isWrapped = this.#options.isQuery && this.#token === "(";
    return isWrapped ? this.#inside(() => this.#position()) : this.#position();
  }

  #line(): Geometry {
    return lineOf(this.#list(() => this.#position()));
  }

  #polygon(): Geometry {
    const rings = this.#list(() =>
      ringOf(
        this.#list(() => this.#position()),
        this.#options,
      ),
    );
    return { kind: "polygon", rings };
  }

  #box(): Geometry {
    return this.#inside(() => {
      const numbers = [this.#number()];
      for (let i = 0; i < 3; i++) {
        this.#expect(",");
        numbers.push(this.#number());
      }
      const [west = 0, east = 0, north = 0, south = 0] = numbers;
      return boxOf(west, east, north, south);
    });
  }
}

const shapeNames: ReadonlySet<string> = new Set([
  "point",
  "multipoint",
  "linestring",
  "multilinestring",
  "polygon",
  "multipolygon",
  "bbox",
  "geometrycollection",
]);

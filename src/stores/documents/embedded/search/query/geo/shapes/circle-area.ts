import { InvalidValue } from "../../../../../mapping/invalid-value.ts";
import type { Position } from "../../../../../mapping/shapes/geometry.ts";
import { Circle, latitudeSpan, longitudeSpan } from "../geo-distance.ts";
import {
  type Area,
  crossing,
  type Holding,
  heldBetween,
  inside,
  notWithin,
  outside,
  type Place,
  type Triangle,
  unrelated,
} from "./area.ts";

/** Half of the way from a pole to the equator, where the reference engine ends: a circle that is larger has no clear inside. */
const largestRadius = 3_185_504.3857;
/** The box is a little larger than the circle. */
const slackMetres = 0.07;

/** All that is at most so many metres away from a place. Edges are straight lines on the map, as everywhere. */
export class CircleArea implements Area {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
  readonly size = 4;
  readonly #lon: number;
  readonly #lat: number;
  readonly #circle: Circle;
  /** The bounds of longitude, `low > high` across the date line. */
  readonly #low: number;
  readonly #high: number;

  /** Throws `InvalidValue` for a radius that is not above 0, or too large. */
  constructor([lon, lat]: Position, radiusMetres: number) {
    if (!(radiusMetres > 0)) throw new InvalidValue("the radius of a circle must be above 0");
    if (radiusMetres >= largestRadius)
      throw new InvalidValue(`the radius of a circle must be below ${largestRadius} metres`);
    this.#lon = lon;
    this.#lat = lat;
    this.#circle = new Circle(lat, lon, radiusMetres);
    const reach = radiusMetres + slackMetres;
    this.south = Math.max(-90, lat - latitudeSpan(reach));
    this.north = Math.min(90, lat + latitudeSpan(reach));
    const span = longitudeSpan(reach, lat);
    const isWhole = span >= 180;
    this.#low = isWhole ? -180 : wrapped(lon - span);
    this.#high = isWhole ? 180 : wrapped(lon + span);
    this.west = this.#isAcross ? -180 : this.#low;
    this.east = this.#isAcross ? 180 : this.#high;
  }

  get #isAcross(): boolean {
    return this.#low > this.#high;
  }

  has(x: number, y: number): boolean {
    if (y < this.south || y > this.north) return false;
    if (this.#isAcross ? x < this.#low && x > this.#high : x < this.#low || x > this.#high) return false;
    return this.#circle.has(y, x);
  }

  placeOf(t: Triangle): Place {
    if (this.#isBeside(t)) return outside;
    if (t.kind === "point") return this.has(t.ax, t.ay) ? inside : outside;
    const a = this.has(t.ax, t.ay);
    const b = this.has(t.bx, t.by);
    if (t.kind === "line") {
      if (a || b) return a && b ? inside : crossing;
      return this.#meets(t.ax, t.ay, t.bx, t.by) ? crossing : outside;
    }
    const c = this.has(t.cx, t.cy);
    if (a || b || c) return a && b && c ? inside : crossing;
    return t.has(this.#lon, this.#lat) || this.#meetsAny(t) ? crossing : outside;
  }

  heldBy(t: Triangle): Holding {
    if (this.#isBeside(t)) return unrelated;
    // As in the reference: what has no inside holds nothing, and where it reaches into the circle, what lies beside it holds nothing either.
    if (t.kind !== "triangle") return this.placeOf(t) === outside ? unrelated : notWithin;
    if (this.has(t.ax, t.ay) || this.has(t.bx, t.by) || this.has(t.cx, t.cy)) return notWithin;
    const ab = this.#meets(t.ax, t.ay, t.bx, t.by);
    const bc = this.#meets(t.bx, t.by, t.cx, t.cy);
    const ca = this.#meets(t.cx, t.cy, t.ax, t.ay);
    return heldBetween(t, ab, bc, ca, this.#lon, this.#lat);
  }

  #isBeside(t: Triangle): boolean {
    if (!this.#isAcross) return t.isBeside(this.#low, this.#high, this.south, this.north);
    return t.isBeside(this.#low, 180, this.south, this.north) && t.isBeside(-180, this.#high, this.south, this.north);
  }

  #meetsAny(t: Triangle): boolean {
    return (
      this.#meets(t.ax, t.ay, t.bx, t.by) || this.#meets(t.bx, t.by, t.cx, t.cy) || this.#meets(t.cx, t.cy, t.ax, t.ay)
    );
  }

  /** Whether the place of an edge that is nearest to the centre on the map lies in the circle, and between the ends. */
  #meets(ax: number, ay: number, bx: number, by: number): boolean {
    const [x, y] = [bx - ax, by - ay];
    const along = ((this.#lon - ax) * x + (this.#lat - ay) * y) / (x * x + y * y);
    return along >= 0 && along <= 1 && this.has(ax + x * along, ay + y * along);
  }
}

const wrapped = (lon: number): number => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);

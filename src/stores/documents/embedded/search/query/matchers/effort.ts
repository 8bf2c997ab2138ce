import { malformed } from "../parameters.ts";

/** Some tenths of a second. Long documents with the most frequent words take a fifth of it. */
const mostSteps = 200_000_000;

/** What comparing the places of words may cost in one window, which no other search interrupts. */
export class Effort {
  #left = mostSteps;

  restart(): void {
    this.#left = mostSteps;
  }

  /** Error: 400 when it was too much. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw tooManyPlaces();
  }
}

export const tooManyPlaces = (): Error =>
  malformed("The words stand at too many places of a document to be compared. Search for fewer words at once.");

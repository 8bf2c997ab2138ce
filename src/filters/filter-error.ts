/**
 * What is wrong with a filter, for its author.
 *
 * `keyword` is the operator or clause at fault, `path` the dotted way to it (`"and.range.age.gt"`); both are null when
 * the filter as a whole is at fault. The message stands alone: it already names the place.
 */
export class FilterError extends Error {
  override readonly name = "FilterError";
  readonly keyword: string | null;
  readonly path: string | null;

  constructor(problem: string, keyword: string | null = null, path: string | null = null) {
    super(path === null ? problem : `"${path.length > 200 ? `${path.slice(0, 200)}...` : path}": ${problem}`);
    this.keyword = keyword;
    this.path = path;
  }
}

export const books = { index: "lib", collection: "books" };
export const people = { index: "lib", collection: "people" };
export const bookMappings = {
  dynamic: "false",
  properties: {
    title: { type: "text" },
    lang: { type: "keyword" },
    pages: { type: "integer" },
    tags: { type: "keyword" },
    author: { properties: { name: { type: "keyword" }, born: { type: "date" } } },
  },
};
/** Creates a collection of books with these mappings in place of the usual ones. */
export const createBooks = (store, mappings = bookMappings) => store.createCollection(books, "public", mappings, {});
export const create = (source, id) =>
  id === undefined
    ? { kind: "create", source: JSON.stringify(source) }
    : { kind: "create", id, source: JSON.stringify(source) };
/** Writes, waiting until it can be searched on every engine. */
export const write = (store, operations, target = books) => store.write(target, operations, { refresh: true });
/** One write that should have one outcome. */
export async function writeOne(store, operation) {
  const [outcome] = await write(store, [operation]);
  if (outcome === undefined) throw new Error("no outcome");
  return outcome;
}
/** Creates `count` books named 1 to `count`, with as many pages as their name says. */
export async function fill(store, count) {
  const operations = [];
  for (let i = 1; i <= count; i++) {
    operations.push(create({ pages: i, lang: i % 2 === 0 ? "fr" : "en", title: `book ${i}` }, String(i)));
  }
  await write(store, operations);
}
export const find = (store, id) => store.find(books, id);
/** The parsed content of a document, or undefined. */
export async function contentOf(store, id) {
  const document = await store.find(books, id);
  return document === undefined ? undefined : JSON.parse(document.source);
}
export const idsOf = (page) => page.hits.map((hit) => hit.id);
export const sortedIdsOf = (page) => idsOf(page).sort();
/** For `assert.rejects`: the error of the catalogue with this id. */
export const withId = (id) => (error) =>
  typeof error === "object" && error !== null && "id" in error && error.id === id;

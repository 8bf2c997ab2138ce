-- store.db of format 1, with two collections and two documents: what that version made of
-- create dune, emma and gone; replace emma; delete gone; an orderly stop.
PRAGMA journal_mode = WAL;
CREATE TABLE collections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  index_name TEXT NOT NULL,
  name TEXT NOT NULL,
  scope TEXT NOT NULL,
  mappings TEXT NOT NULL,
  settings TEXT NOT NULL,
  UNIQUE (index_name, name)
);
CREATE TABLE segments (
  collection INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL,
  last INTEGER NOT NULL,
  manifest TEXT NOT NULL
);
CREATE TABLE rows_1 (number INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, source TEXT NOT NULL);
CREATE TABLE ids_1 (id TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE rows_2 (number INTEGER PRIMARY KEY, id TEXT NOT NULL, version INTEGER NOT NULL, source TEXT NOT NULL);
CREATE TABLE ids_2 (id TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO collections VALUES
  (1, 'lib', 'books', 'public', '{"dynamic":"false","properties":{"title":{"type":"text"},"year":{"type":"integer"}}}', '{}'),
  (2, 'lib', 'empty', 'public', '{}', '{"number_of_shards":1}');
INSERT INTO rows_1 VALUES
  (1, 'dune', 1, '{"title":"Dune","year":1965}'),
  (4, 'emma', 2, '{"title":"Emma, again","year":1816}');
INSERT INTO ids_1 VALUES ('dune', 1), ('emma', 4);
PRAGMA user_version = 1;

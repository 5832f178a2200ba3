-- What the tests of db/ write to.
CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    about INTEGER REFERENCES notes (id),
    text TEXT NOT NULL,
    slug TEXT UNIQUE,
    kind TEXT NOT NULL DEFAULT 'plain',
    raw BLOB,
    weight REAL,
    at INTEGER,
    extras TEXT
) STRICT;

CREATE INDEX notes_by_time ON notes (at, id);

-- sqlite:
CREATE VIEW spoken AS SELECT 'sqlite' AS engine;
-- postgresql:
CREATE VIEW spoken AS SELECT 'postgresql'::text AS engine;
-- both:

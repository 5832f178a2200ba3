-- What an import needs while it is under way, and to see what changed when a later export of the same source comes.

-- What tells most stands first in its keys: a table that was filled this minute has no statistics to plan by.
-- owner: transfer
-- purpose: records of an import on their way in
-- personal: names, addresses and texts as an export gave them (record)
-- until: the import is complete
-- erased: with the import
CREATE TABLE arrivals (
    import_id INTEGER NOT NULL REFERENCES imports (id),
    kind TEXT NOT NULL,
    source_id TEXT NOT NULL,
    belongs_to TEXT NOT NULL,
    place INTEGER NOT NULL,
    local_id INTEGER NOT NULL,
    parent TEXT,
    at INTEGER,
    stands TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (source_id, kind, import_id)
) STRICT;
CREATE INDEX arrivals_by_place ON arrivals (belongs_to, kind, import_id, place);

ALTER TABLE source_ids ADD COLUMN seen_hash BLOB;
ALTER TABLE source_ids ADD COLUMN seen_as TEXT;
CREATE INDEX source_ids_by_local ON source_ids (local_id);

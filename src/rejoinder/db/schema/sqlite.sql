-- Made from the migrations by tests/db/test_schema.py; not edited by hand.

CREATE TABLE accounts (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    email TEXT,
    email_key TEXT,
    email_verified_at INTEGER,
    website TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX accounts_by_email ON accounts (site_id, email_key) WHERE email_key IS NOT NULL;

CREATE UNIQUE INDEX accounts_by_name ON accounts (site_id, name_key);

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

CREATE TABLE article_aliases (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    url TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (site_id, url)
) STRICT;

CREATE INDEX article_aliases_by_article ON article_aliases (article_id);

CREATE TABLE article_revisions (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    n INTEGER NOT NULL,
    canon_version INTEGER NOT NULL,
    text BLOB NOT NULL,
    hash BLOB NOT NULL,
    html TEXT NOT NULL,
    render_version INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (article_id, n)
) STRICT;

CREATE TABLE articles (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    url TEXT NOT NULL,
    slug TEXT,
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    source_path TEXT,
    title TEXT NOT NULL,
    language TEXT,
    section TEXT,
    lead TEXT,
    byline TEXT NOT NULL,
    origin TEXT,
    image TEXT,
    published_at INTEGER,
    updated_at INTEGER,
    discussion TEXT NOT NULL,
    close_at INTEGER,
    revision INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE INDEX articles_by_published ON articles (site_id, state, published_at, id);

CREATE UNIQUE INDEX articles_by_url ON articles (site_id, url);

CREATE TABLE authors (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    email TEXT,
    website TEXT,
    account_id INTEGER REFERENCES accounts (id),
    visitor_id INTEGER REFERENCES visitors (id)
) STRICT;

CREATE INDEX authors_by_account ON authors (account_id);

CREATE INDEX authors_by_email ON authors (site_id, lower(email)) WHERE email IS NOT NULL;

CREATE INDEX authors_by_visitor ON authors (visitor_id);

CREATE TABLE comment_revisions (
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    n INTEGER NOT NULL,
    text TEXT NOT NULL,
    format TEXT NOT NULL,
    html TEXT NOT NULL,
    render_version INTEGER NOT NULL,
    author_name TEXT NOT NULL,
    website TEXT,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (comment_id, n)
) STRICT;

CREATE TABLE comments (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    parent_id INTEGER REFERENCES comments (id),
    root_id INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    path BLOB NOT NULL,
    author_id INTEGER NOT NULL REFERENCES authors (id),
    label TEXT,
    kind TEXT NOT NULL,
    origin_url TEXT,
    language TEXT,
    status TEXT NOT NULL,
    posted_at INTEGER,
    placed_at INTEGER NOT NULL,
    changed INTEGER NOT NULL DEFAULT 1,
    revision_published INTEGER,
    revision_pending INTEGER,
    up INTEGER NOT NULL DEFAULT 0,
    down INTEGER NOT NULL DEFAULT 0,
    imported_up INTEGER NOT NULL DEFAULT 0,
    imported_down INTEGER NOT NULL DEFAULT 0,
    imported_score INTEGER,
    score INTEGER NOT NULL DEFAULT 0,
    best REAL NOT NULL DEFAULT 0,
    reply_count INTEGER NOT NULL DEFAULT 0,
    branch_count INTEGER NOT NULL DEFAULT 0,
    shown_children INTEGER NOT NULL DEFAULT 0,
    shown INTEGER NOT NULL GENERATED ALWAYS AS (
        CASE WHEN kind = 'comment' AND (status = 'published' OR shown_children > 0) THEN 1 ELSE 0 END
    ) STORED,
    pinned_until INTEGER,
    closed_at INTEGER,
    gone_at INTEGER
) STRICT;

CREATE INDEX comments_by_author ON comments (author_id, id);

CREATE INDEX comments_by_branch ON comments (root_id, path) WHERE shown = 1;

CREATE INDEX comments_by_parent ON comments (parent_id) WHERE parent_id IS NOT NULL;

CREATE INDEX comments_by_place ON comments (thread_id, placed_at, id) WHERE parent_id IS NULL AND shown = 1;

CREATE INDEX comments_by_status ON comments (site_id, status, placed_at, id) WHERE status <> 'published';

CREATE INDEX comments_held ON comments (thread_id, id) WHERE status = 'held';

CREATE INDEX comments_marked ON comments (thread_id, id)
    WHERE status = 'published'
      AND (pinned_until IS NOT NULL OR closed_at IS NOT NULL OR revision_pending IS NOT NULL);

CREATE INDEX comments_pings ON comments (thread_id, placed_at, id) WHERE kind = 'ping';

CREATE INDEX comments_pinned ON comments (thread_id, pinned_until) WHERE pinned_until IS NOT NULL;

CREATE INDEX comments_waiting ON comments (site_id, id)
    WHERE revision_pending IS NOT NULL AND status IN ('held', 'published');

CREATE TABLE decisions (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    at INTEGER NOT NULL,
    account_id INTEGER REFERENCES accounts (id),
    service_token_id INTEGER REFERENCES service_tokens (id),
    verb TEXT NOT NULL,
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    comment_id INTEGER REFERENCES comments (id),
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    why TEXT
) STRICT;

CREATE INDEX decisions_by_comment ON decisions (comment_id) WHERE comment_id IS NOT NULL;

CREATE VIEW drawn_comments AS
SELECT
    c.id, c.site_id, c.thread_id, c.parent_id, c.root_id, c.depth, c.path, c.kind, c.status, c.shown, c.language,
    c.posted_at, c.placed_at, c.changed, c.reply_count, c.branch_count, c.pinned_until, c.closed_at, c.author_id,
    c.up + c.imported_up + CASE WHEN c.imported_score > 0 THEN c.imported_score ELSE 0 END AS up,
    c.down + c.imported_down + CASE WHEN c.imported_score < 0 THEN -c.imported_score ELSE 0 END AS down,
    CASE WHEN c.status = 'published' THEN c.label END AS label,
    CASE WHEN c.status = 'published' THEN a.name END AS author_name,
    CASE WHEN c.status = 'published' THEN a.website END AS author_website,
    CASE WHEN c.status = 'published' AND r.n > 1 THEN r.at END AS edited_at,
    CASE WHEN c.status = 'published' THEN r.html END AS html,
    CASE WHEN p.status = 'published' THEN pa.name END AS parent_name
FROM comments c
JOIN authors a ON a.id = c.author_id
LEFT JOIN comment_revisions r ON r.comment_id = c.id AND r.n = c.revision_published
LEFT JOIN comments p ON p.id = c.parent_id
LEFT JOIN authors pa ON pa.id = p.author_id;

CREATE TABLE editions (
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    sort TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    ids BLOB NOT NULL,
    PRIMARY KEY (thread_id, sort, made_at)
) STRICT;

CREATE INDEX editions_by_made ON editions (made_at);

CREATE TABLE erasing (
    erasure_id INTEGER NOT NULL REFERENCES erasures (id),
    author_id INTEGER NOT NULL,
    PRIMARY KEY (erasure_id, author_id)
) STRICT;

CREATE TABLE erasures (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    account_id INTEGER REFERENCES accounts (id),
    wish TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    done INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

CREATE INDEX erasures_by_account ON erasures (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE fingerprints (
    site_id INTEGER NOT NULL,
    fingerprint BLOB NOT NULL,
    comment_id INTEGER NOT NULL,
    text_hash BLOB NOT NULL,
    place_id INTEGER NOT NULL,
    network BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (site_id, fingerprint, comment_id)
) STRICT;

CREATE INDEX fingerprints_by_at ON fingerprints (at);

CREATE TABLE idempotency (
    site_id INTEGER NOT NULL,
    scope BLOB NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    answer TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (site_id, scope, key)
) STRICT;

CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);

CREATE TABLE identities (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (site_id, issuer, subject)
) STRICT;

CREATE UNIQUE INDEX identities_by_account ON identities (account_id, issuer);

CREATE TABLE imports (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    format TEXT NOT NULL,
    files TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    report TEXT NOT NULL,
    undo TEXT,
    undone_at INTEGER
) STRICT;

CREATE TABLE keys (
    purpose TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (purpose, made_at)
) STRICT;

CREATE VIEW left_comments AS
SELECT
    c.id, a.site_id, c.thread_id, c.status, c.posted_at, c.author_id, a.name AS author_name,
    lower(a.email) AS email_key, (SELECT v.account_id FROM visitors v WHERE v.id = a.visitor_id) AS account_id,
    coalesce(c.revision_pending, c.revision_published) AS revision
FROM authors a
JOIN comments c ON c.author_id = a.id
WHERE a.email IS NOT NULL AND a.account_id IS NULL AND c.kind = 'comment' AND c.status <> 'deleted'
  AND coalesce(c.revision_pending, c.revision_published) IS NOT NULL;

CREATE TABLE limits (
    site_id INTEGER NOT NULL,
    subject BLOB NOT NULL,
    act TEXT NOT NULL,
    times TEXT NOT NULL,
    touched_at INTEGER NOT NULL,
    PRIMARY KEY (site_id, subject, act)
) STRICT;

CREATE INDEX limits_by_touched ON limits (touched_at);

CREATE TABLE mail_codes (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    browser_hash BLOB NOT NULL,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    code TEXT NOT NULL,
    counted BLOB NOT NULL,
    tries INTEGER NOT NULL,
    proved_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX mail_codes_by_browser ON mail_codes (site_id, browser_hash);

CREATE INDEX mail_codes_by_expiry ON mail_codes (site_id, expires_at);

CREATE TABLE mail_links (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    token_hash BLOB UNIQUE,
    counted BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX mail_links_by_expiry ON mail_links (site_id, expires_at);

CREATE TABLE name_looks (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    look TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (site_id, look)
) STRICT;

CREATE INDEX name_looks_by_account ON name_looks (account_id);

CREATE TABLE outbox (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    dedupe_key TEXT NOT NULL UNIQUE,
    payload TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    last_error TEXT
) STRICT;

CREATE INDEX outbox_by_run_at ON outbox (run_at);

CREATE TABLE passkey_challenges (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    browser_hash BLOB NOT NULL,
    purpose TEXT NOT NULL,
    account_id INTEGER REFERENCES accounts (id),
    challenge BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (site_id, browser_hash)
) STRICT;

CREATE TABLE passkeys (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    credential_id BLOB NOT NULL,
    public_key BLOB NOT NULL,
    sign_count INTEGER NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

CREATE INDEX passkeys_by_account ON passkeys (account_id);

CREATE UNIQUE INDEX passkeys_by_credential ON passkeys (site_id, credential_id);

CREATE TABLE roles (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    lent_until INTEGER,
    PRIMARY KEY (site_id, account_id, role)
) STRICT;

CREATE TABLE rule_changes (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    at INTEGER NOT NULL,
    source TEXT NOT NULL,
    account_id INTEGER,
    version INTEGER NOT NULL,
    field TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;

CREATE INDEX rule_changes_by_at ON rule_changes (at);

CREATE INDEX rule_changes_by_site ON rule_changes (site_id, version, id);

CREATE TABLE schema_versions (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;

CREATE TABLE service_tokens (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    used_at INTEGER,
    revoked_at INTEGER
) STRICT;

CREATE UNIQUE INDEX service_tokens_by_name ON service_tokens (site_id, name) WHERE revoked_at IS NULL;

CREATE TABLE sessions (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    token_hash BLOB NOT NULL UNIQUE,
    browser TEXT NOT NULL,
    network BLOB,
    created_at INTEGER NOT NULL,
    proved_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_account ON sessions (account_id);

CREATE TABLE sign_in_codes (
    token_hash BLOB NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sites (
    id INTEGER NOT NULL PRIMARY KEY,
    base_url TEXT NOT NULL UNIQUE,
    rules TEXT NOT NULL,
    locked TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE source_ids (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    system TEXT NOT NULL,
    origin TEXT NOT NULL,
    kind TEXT NOT NULL,
    source_id TEXT NOT NULL,
    local_id INTEGER NOT NULL,
    extras TEXT,
    -- The import that gave this name, until it is undone; `made`: what the name stands for came with it.
    import_id INTEGER REFERENCES imports (id),
    made INTEGER NOT NULL DEFAULT 0, seen_hash BLOB, seen_as TEXT,
    PRIMARY KEY (site_id, system, origin, kind, source_id)
) STRICT;

CREATE INDEX source_ids_by_import ON source_ids (import_id, kind, local_id) WHERE import_id IS NOT NULL;

CREATE INDEX source_ids_by_local ON source_ids (local_id);

CREATE TABLE threads (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id),
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    comment_count INTEGER NOT NULL,
    top_count INTEGER NOT NULL
) STRICT;

CREATE TABLE trips (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    browser_hash BLOB NOT NULL,
    state_hash BLOB NOT NULL UNIQUE,
    way TEXT NOT NULL,
    verifier TEXT NOT NULL,
    leads_to TEXT NOT NULL,
    said TEXT,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX trips_by_browser ON trips (site_id, browser_hash);

CREATE INDEX trips_by_expiry ON trips (expires_at);

CREATE TABLE visitors (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    token_hash BLOB NOT NULL,
    network BLOB,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    account_id INTEGER REFERENCES accounts (id)
) STRICT;

CREATE INDEX visitors_by_account ON visitors (account_id) WHERE account_id IS NOT NULL;

CREATE INDEX visitors_by_last_seen ON visitors (last_seen);

CREATE UNIQUE INDEX visitors_by_token ON visitors (site_id, token_hash);

CREATE TABLE votes (
    comment_id INTEGER NOT NULL REFERENCES comments (id),
    voter INTEGER NOT NULL,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    value INTEGER NOT NULL,
    at INTEGER NOT NULL,
    counts_from INTEGER,
    network BLOB,
    PRIMARY KEY (comment_id, voter)
) STRICT;

CREATE INDEX votes_by_network ON votes (site_id, network, at) WHERE network IS NOT NULL;

CREATE INDEX votes_by_voter ON votes (voter, thread_id);

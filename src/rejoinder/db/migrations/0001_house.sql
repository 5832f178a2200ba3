-- The first tables. Ids and times are 64-bit integers (ms since 1970, UTC); text is what was written.
-- Above each table: its owner, who else may read it, what in it is personal, and when that goes.

-- owner: web
-- personal: none; keys sign forms and blind networks and mailboxes, each until its end
CREATE TABLE keys (
    purpose TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (purpose, made_at)
) STRICT;

-- owner: web
-- personal: the answer holds ids only; gone 24 h later
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

-- owner: jobs
-- personal: payload holds ids only; gone when done
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

-- owner: sites
-- personal: none
CREATE TABLE sites (
    id INTEGER NOT NULL PRIMARY KEY,
    base_url TEXT NOT NULL UNIQUE,
    rules TEXT NOT NULL,
    locked TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;

-- owner: accounts
-- read by: votes
-- personal: name and address; until the account leaves
CREATE TABLE accounts (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    email TEXT,
    email_key TEXT,
    email_verified_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX accounts_by_name ON accounts (site_id, name_key);
CREATE UNIQUE INDEX accounts_by_email ON accounts (site_id, email_key) WHERE email_key IS NOT NULL;

-- owner: accounts
-- personal: none beyond the account
CREATE TABLE roles (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (site_id, account_id, role)
) STRICT;

-- owner: accounts
-- personal: a credential's hash, which kind of browser on which kind of system, when it was last used and the blinded
-- network it was used from; until it expires or is revoked
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

-- owner: accounts
-- personal: none; a credential's hash, and what a program is called: kept, as decisions made with it name it
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

-- owner: accounts
-- personal: a credential's hash; until used or expired
CREATE TABLE sign_in_codes (
    token_hash BLOB NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    expires_at INTEGER NOT NULL
) STRICT;

-- A code stands here as it is: six digits are tried through from any hash, and it opens nothing without the secret that
-- the browser was given for it. `counted` is the subject of its limit, so that a code that was entered costs nothing.
-- owner: accounts
-- personal: an address somebody says is theirs; until they are signed in, or an hour after the code's ten minutes
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

-- owner: accounts
-- read by: comments, votes
-- personal: a browser on one origin, known by a token's hash; the blinded network goes after 30 days
CREATE TABLE visitors (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    token_hash BLOB NOT NULL,
    network BLOB,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    account_id INTEGER REFERENCES accounts (id)
) STRICT;
CREATE UNIQUE INDEX visitors_by_token ON visitors (site_id, token_hash);
CREATE INDEX visitors_by_last_seen ON visitors (last_seen);
CREATE INDEX visitors_by_account ON visitors (account_id) WHERE account_id IS NOT NULL;

-- owner: accounts
-- read by: comments, votes
-- personal: what a comment is signed with: name, address, website; until erased on request
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
CREATE INDEX authors_by_visitor ON authors (visitor_id);
CREATE INDEX authors_by_account ON authors (account_id);

-- owner: articles
-- read by: comments
-- personal: bylines of people who publish; with the article
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
CREATE UNIQUE INDEX articles_by_url ON articles (site_id, url);
CREATE INDEX articles_by_published ON articles (site_id, state, published_at, id);

-- owner: articles
-- personal: none
CREATE TABLE article_aliases (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    url TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (site_id, url)
) STRICT;
CREATE INDEX article_aliases_by_article ON article_aliases (article_id);

-- owner: articles
-- personal: whatever the article's text says; every text ever served is kept
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

-- owner: screening
-- personal: blinded visitor, network or mailbox with the moments of its acts; gone a day after the last, codes that were asked for after thirty
CREATE TABLE limits (
    site_id INTEGER NOT NULL,
    subject BLOB NOT NULL,
    act TEXT NOT NULL,
    times TEXT NOT NULL,
    touched_at INTEGER NOT NULL,
    PRIMARY KEY (site_id, subject, act)
) STRICT;
CREATE INDEX limits_by_touched ON limits (touched_at);

-- owner: screening
-- read by: comments
-- personal: hashes of a text and of a network; gone after a day
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

-- owner: comments
-- personal: none
CREATE TABLE threads (
    id INTEGER NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    article_id INTEGER NOT NULL UNIQUE REFERENCES articles (id),
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    comment_count INTEGER NOT NULL,
    top_count INTEGER NOT NULL
) STRICT;

-- owner: comments
-- read by: votes
-- personal: who wrote what to whom; until erased
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
CREATE INDEX comments_by_place ON comments (thread_id, placed_at, id) WHERE parent_id IS NULL AND shown = 1;
CREATE INDEX comments_by_branch ON comments (root_id, path) WHERE shown = 1;
CREATE INDEX comments_by_status ON comments (site_id, status, placed_at, id) WHERE status <> 'published';
CREATE INDEX comments_waiting ON comments (site_id, id)
    WHERE revision_pending IS NOT NULL AND status IN ('held', 'published');
CREATE INDEX comments_held ON comments (thread_id, id) WHERE status = 'held';
CREATE INDEX comments_marked ON comments (thread_id, id)
    WHERE status = 'published'
      AND (pinned_until IS NOT NULL OR closed_at IS NOT NULL OR revision_pending IS NOT NULL);
CREATE INDEX comments_pings ON comments (thread_id, placed_at, id) WHERE kind = 'ping';
CREATE INDEX comments_by_parent ON comments (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX comments_by_author ON comments (author_id);
CREATE INDEX comments_pinned ON comments (thread_id, pinned_until) WHERE pinned_until IS NOT NULL;

-- owner: comments
-- personal: what was written and by whom; erased a minute after its author deletes it
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

-- owner: comments
-- personal: none; gone an hour after it was made
CREATE TABLE editions (
    thread_id INTEGER NOT NULL REFERENCES threads (id),
    sort TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    ids BLOB NOT NULL,
    PRIMARY KEY (thread_id, sort, made_at)
) STRICT;
CREATE INDEX editions_by_made ON editions (made_at);

-- owner: comments
-- personal: who of the staff decided what and why; kept
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

-- owner: votes
-- personal: which visitor or account voted how; the blinded network goes after 30 days
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
CREATE INDEX votes_by_voter ON votes (voter, thread_id);
CREATE INDEX votes_by_network ON votes (site_id, network, at) WHERE network IS NOT NULL;

-- owner: transfer
-- personal: names of files
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

-- owner: transfer
-- personal: ids of another system and fields of it that have no home yet; with the comment
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
    made INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (site_id, system, origin, kind, source_id)
) STRICT;
CREATE INDEX source_ids_by_import ON source_ids (import_id, kind, local_id) WHERE import_id IS NOT NULL;

-- A comment as everybody may see it: what a placeholder hides is not in the row.
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

-- The first tables. Ids and times are 64-bit integers (ms since 1970, UTC); text is what was written.
-- Above each table, a line each: its owner and who else may read it; its purpose; what in it is personal (in words, then
-- the columns in brackets, or none); until when that is kept; and how it is erased when a person asks for it.
-- `rejoinder privacy` prints these lines.

-- owner: web
-- purpose: keys that sign forms and blind network addresses and mailboxes
-- personal: none
CREATE TABLE keys (
    purpose TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (purpose, made_at)
) STRICT;

-- owner: web
-- purpose: a write that arrives twice is done once
-- personal: who sent what, as hashes (scope, request_hash)
-- until: 24 hours
-- erased: rows of a browser are deleted with it
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
-- purpose: work that follows a change, such as a mail to be sent
-- personal: none
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
-- purpose: publications and their rules
-- personal: none
CREATE TABLE sites (
    id INTEGER NOT NULL PRIMARY KEY,
    base_url TEXT NOT NULL UNIQUE,
    rules TEXT NOT NULL,
    locked TEXT NOT NULL,
    version INTEGER NOT NULL
) STRICT;

-- Rows are added, never changed. An account is named by its id alone, so that its name goes where the account goes.
-- owner: sites
-- read by: accounts
-- purpose: who changed which setting of a site, from what to what
-- personal: which owner did, and what the setting said (account_id, before, after)
-- until: two years
-- erased: the account's name is not in it; its id leads nowhere once the account is gone
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
CREATE INDEX rule_changes_by_site ON rule_changes (site_id, version, id);
CREATE INDEX rule_changes_by_at ON rule_changes (at);

-- owner: accounts
-- read by: votes
-- purpose: people who sign in
-- personal: name and address (id, name, name_key, email, email_key, email_verified_at, website, created_at)
-- until: they leave
-- erased: the row is deleted
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
CREATE UNIQUE INDEX accounts_by_name ON accounts (site_id, name_key);
CREATE UNIQUE INDEX accounts_by_email ON accounts (site_id, email_key) WHERE email_key IS NOT NULL;

-- What an account's name may be read as. A name that shares a row here can be taken for it.
-- owner: accounts
-- purpose: names that are kept from others
-- personal: what a name looks like (look, account_id)
-- until: the account leaves or is renamed
-- erased: the row is deleted
CREATE TABLE name_looks (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    look TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (site_id, look)
) STRICT;
CREATE INDEX name_looks_by_account ON name_looks (account_id);

-- owner: accounts
-- purpose: what staff may do
-- personal: who has which role (account_id, role, granted_at, lent_until)
-- until: the role ends, or they leave
-- erased: the row is deleted
CREATE TABLE roles (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    lent_until INTEGER,
    PRIMARY KEY (site_id, account_id, role)
) STRICT;

-- owner: accounts
-- purpose: who is signed in, on which browser
-- personal: a credential's hash, which kind of browser on which kind of system, and the blinded network it was last used from (account_id, token_hash, browser, network, created_at, proved_at, used_at, expires_at)
-- until: it expires, after seven days, those of staff after twelve hours, or is ended
-- erased: the row is deleted
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
-- purpose: passkeys, with which people sign in
-- personal: a public key, what its owner calls it, and when it was used last (account_id, credential_id, public_key, sign_count, name, created_at, used_at)
-- until: its owner removes it, or leaves
-- erased: the row is deleted
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
CREATE UNIQUE INDEX passkeys_by_credential ON passkeys (site_id, credential_id);
CREATE INDEX passkeys_by_account ON passkeys (account_id);

-- owner: accounts
-- purpose: what a passkey is to sign
-- personal: a browser's hash, and whose passkey is asked for (browser_hash, purpose, account_id, challenge, expires_at)
-- until: it was answered, or after five minutes
-- erased: the row is deleted
CREATE TABLE passkey_challenges (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    browser_hash BLOB NOT NULL,
    purpose TEXT NOT NULL,
    account_id INTEGER REFERENCES accounts (id),
    challenge BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (site_id, browser_hash)
) STRICT;

-- owner: accounts
-- purpose: programs that the operator gave a token
-- personal: none
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
-- purpose: links with which staff sign in
-- personal: a credential's hash (token_hash, account_id)
-- until: it is used, or 24 hours
-- erased: the row is deleted
CREATE TABLE sign_in_codes (
    token_hash BLOB NOT NULL PRIMARY KEY,
    site_id INTEGER NOT NULL REFERENCES sites (id),
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    expires_at INTEGER NOT NULL
) STRICT;

-- A code stands here as it is: six digits are tried through from any hash, and it opens nothing without the secret that
-- the browser was given for it. `counted` is the subject of its limit, so that a code that was entered costs nothing.
-- owner: accounts
-- purpose: codes with which people sign in, on their way by mail
-- personal: an address somebody says is theirs, and their browser's hash (email, browser_hash, counted)
-- until: they are signed in, or an hour after the code's ten minutes
-- erased: the row is deleted
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
-- purpose: who people are at a provider or at the publisher, to know them when they sign in there
-- personal: who somebody is elsewhere (issuer, subject, account_id, created_at, used_at)
-- until: the account leaves
-- erased: the row is deleted
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

-- `said` is what was vouched for elsewhere, while a name is still asked for.
-- owner: accounts
-- purpose: browsers that went elsewhere to sign in
-- personal: a browser by a hash, where it goes on, and then who somebody is elsewhere (browser_hash, leads_to, said)
-- until: they are signed in, or an hour after its ten minutes
-- erased: the row is deleted
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

-- owner: accounts
-- read by: comments, votes
-- purpose: browsers, so that readers can edit, delete and vote
-- personal: a random token's hash, a blinded network and days (id, token_hash, network, first_seen, last_seen, account_id)
-- until: erased; the network 30 days after the last visit
-- erased: rows of who leaves are deleted; a guest's names nobody
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
-- purpose: what comments are signed with
-- personal: name, address, website, and whose they are (id, name, name_key, email, website, account_id, visitor_id)
-- until: erased
-- erased: the row is deleted; the comments are nobody's
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
CREATE INDEX authors_by_email ON authors (site_id, lower(email)) WHERE email IS NOT NULL;

-- owner: articles
-- read by: comments
-- purpose: what is discussed
-- personal: the names under articles (byline)
-- until: the article is edited
-- erased: by the publisher
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
-- purpose: addresses that articles had before
-- personal: none
CREATE TABLE article_aliases (
    site_id INTEGER NOT NULL REFERENCES sites (id),
    url TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (site_id, url)
) STRICT;
CREATE INDEX article_aliases_by_article ON article_aliases (article_id);

-- owner: articles
-- purpose: texts of articles as they were served
-- personal: whatever an article says (text, html)
-- until: kept
-- erased: by the publisher
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
-- purpose: how often something may be done
-- personal: a blinded browser, network or mailbox, and when it acted (subject, times, touched_at)
-- until: a day after the last act; codes that were asked for, thirty days
-- erased: forgotten by then
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
-- purpose: the same text sent again and again
-- personal: hashes of a text and of a network (fingerprint, text_hash, network)
-- until: a day
-- erased: rows of erased comments are deleted
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
-- purpose: discussions and their counts
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
-- purpose: what stands where in a discussion
-- personal: who wrote it, and the label beside their name (author_id, label)
-- until: erased
-- erased: who wrote it is cut off; of a removed one a place is left where replies hang below it
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
CREATE INDEX comments_by_author ON comments (author_id, id);
CREATE INDEX comments_pinned ON comments (thread_id, pinned_until) WHERE pinned_until IS NOT NULL;

-- owner: comments
-- purpose: the texts of comments
-- personal: what was written and how it was signed (text, html, author_name, website, reason)
-- until: erased; a deleted comment's a minute later
-- erased: the rows of a removed comment are deleted; where it stays, its name is emptied in every version
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
-- purpose: stored orders of a discussion
-- personal: none
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
-- purpose: what staff decided
-- personal: who of the staff, and why (account_id, why)
-- until: kept
-- erased: of who leaves: what was decided, by which rule and when stays, and not by whom; reasons go with a removed comment
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
-- purpose: one vote a voter and comment
-- personal: who voted how, and a blinded network (voter, value, at, network)
-- until: erased; the network 30 days
-- erased: a vote of who leaves still counts, and is nobody's
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

-- owner: privacy
-- purpose: comments on their way to be removed, or to lose their name, because who wrote them asked for it
-- personal: who asked, where they stay (account_id)
-- until: a day after it is done
-- erased: of who leaves it is not known who asked
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

-- owner: privacy
-- purpose: the signatures below those comments, until the last one is done
-- personal: none
CREATE TABLE erasing (
    erasure_id INTEGER NOT NULL REFERENCES erasures (id),
    author_id INTEGER NOT NULL,
    PRIMARY KEY (erasure_id, author_id)
) STRICT;

-- owner: privacy
-- purpose: links that lead guests to their comments, on their way by mail
-- personal: an address somebody says is theirs, and a blinded mailbox (email, token_hash, counted)
-- until: an hour
-- erased: the row is deleted
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

-- owner: transfer
-- purpose: imports, so that they can be taken back
-- personal: none
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
-- purpose: what imported things were called where they came from
-- personal: fields of another system that have no home here (extras)
-- until: erased, or the import is taken back
-- erased: emptied
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

-- A comment that a guest left with an address. `account_id` is whose browser it was written on, where that is known.
CREATE VIEW left_comments AS
SELECT
    c.id, a.site_id, c.thread_id, c.status, c.posted_at, c.author_id, a.name AS author_name,
    lower(a.email) AS email_key, (SELECT v.account_id FROM visitors v WHERE v.id = a.visitor_id) AS account_id,
    coalesce(c.revision_pending, c.revision_published) AS revision
FROM authors a
JOIN comments c ON c.author_id = a.id
WHERE a.email IS NOT NULL AND a.account_id IS NULL AND c.kind = 'comment' AND c.status <> 'deleted'
  AND coalesce(c.revision_pending, c.revision_published) IS NOT NULL;

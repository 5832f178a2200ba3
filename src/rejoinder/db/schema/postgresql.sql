-- Made from the migrations by tests/db/test_schema.py; not edited by hand.

CREATE TABLE accounts (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    email text,
    email_key text,
    email_verified_at bigint,
    website text,
    created_at bigint NOT NULL,
    CONSTRAINT accounts_pkey PRIMARY KEY (id),
    CONSTRAINT accounts_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE UNIQUE INDEX accounts_by_email ON accounts USING btree (site_id, email_key) WHERE email_key IS NOT NULL;

CREATE UNIQUE INDEX accounts_by_name ON accounts USING btree (site_id, name_key);

CREATE TABLE arrivals (
    import_id bigint NOT NULL,
    kind text NOT NULL,
    source_id text NOT NULL,
    belongs_to text NOT NULL,
    place bigint NOT NULL,
    local_id bigint NOT NULL,
    parent text,
    at bigint,
    stands text NOT NULL,
    record text NOT NULL,
    CONSTRAINT arrivals_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
    CONSTRAINT arrivals_pkey PRIMARY KEY (source_id, kind, import_id)
);

CREATE INDEX arrivals_by_place ON arrivals USING btree (belongs_to, kind, import_id, place);

CREATE TABLE article_aliases (
    site_id bigint NOT NULL,
    url text NOT NULL,
    article_id bigint NOT NULL,
    CONSTRAINT article_aliases_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(id),
    CONSTRAINT article_aliases_pkey PRIMARY KEY (site_id, url),
    CONSTRAINT article_aliases_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE INDEX article_aliases_by_article ON article_aliases USING btree (article_id);

CREATE TABLE article_revisions (
    article_id bigint NOT NULL,
    n bigint NOT NULL,
    canon_version bigint NOT NULL,
    text bytea NOT NULL,
    hash bytea NOT NULL,
    html text NOT NULL,
    render_version bigint NOT NULL,
    seen_at bigint NOT NULL,
    CONSTRAINT article_revisions_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(id),
    CONSTRAINT article_revisions_pkey PRIMARY KEY (article_id, n)
);

CREATE TABLE articles (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    url text NOT NULL,
    slug text,
    state text NOT NULL,
    source text NOT NULL,
    source_path text,
    title text NOT NULL,
    language text,
    section text,
    lead text,
    byline text NOT NULL,
    origin text,
    image text,
    published_at bigint,
    updated_at bigint,
    discussion text NOT NULL,
    close_at bigint,
    revision bigint NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT articles_pkey PRIMARY KEY (id),
    CONSTRAINT articles_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE INDEX articles_by_published ON articles USING btree (site_id, state, published_at, id);

CREATE UNIQUE INDEX articles_by_url ON articles USING btree (site_id, url);

CREATE TABLE authors (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    name_key text NOT NULL,
    email text,
    website text,
    account_id bigint,
    visitor_id bigint,
    CONSTRAINT authors_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT authors_pkey PRIMARY KEY (id),
    CONSTRAINT authors_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT authors_visitor_id_fkey FOREIGN KEY (visitor_id) REFERENCES visitors(id)
);

CREATE INDEX authors_by_account ON authors USING btree (account_id);

CREATE INDEX authors_by_email ON authors USING btree (site_id, lower(email)) WHERE email IS NOT NULL;

CREATE INDEX authors_by_visitor ON authors USING btree (visitor_id);

CREATE TABLE comment_revisions (
    comment_id bigint NOT NULL,
    n bigint NOT NULL,
    text text NOT NULL,
    format text NOT NULL,
    html text NOT NULL,
    render_version bigint NOT NULL,
    author_name text NOT NULL,
    website text,
    at bigint NOT NULL,
    by text NOT NULL,
    reason text,
    CONSTRAINT comment_revisions_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES comments(id),
    CONSTRAINT comment_revisions_pkey PRIMARY KEY (comment_id, n)
);

CREATE TABLE comments (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    parent_id bigint,
    root_id bigint NOT NULL,
    depth bigint NOT NULL,
    path bytea NOT NULL,
    author_id bigint NOT NULL,
    label text,
    kind text NOT NULL,
    origin_url text,
    language text,
    status text NOT NULL,
    posted_at bigint,
    placed_at bigint NOT NULL,
    changed bigint NOT NULL DEFAULT 1,
    revision_published bigint,
    revision_pending bigint,
    up bigint NOT NULL DEFAULT 0,
    down bigint NOT NULL DEFAULT 0,
    imported_up bigint NOT NULL DEFAULT 0,
    imported_down bigint NOT NULL DEFAULT 0,
    imported_score bigint,
    score bigint NOT NULL DEFAULT 0,
    best double precision NOT NULL DEFAULT 0,
    reply_count bigint NOT NULL DEFAULT 0,
    branch_count bigint NOT NULL DEFAULT 0,
    shown_children bigint NOT NULL DEFAULT 0,
    shown bigint NOT NULL GENERATED ALWAYS AS (
CASE
    WHEN ((kind = 'comment'::text) AND ((status = 'published'::text) OR (shown_children > 0))) THEN 1
    ELSE 0
END) STORED,
    pinned_until bigint,
    closed_at bigint,
    gone_at bigint,
    CONSTRAINT comments_author_id_fkey FOREIGN KEY (author_id) REFERENCES authors(id),
    CONSTRAINT comments_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES comments(id),
    CONSTRAINT comments_pkey PRIMARY KEY (id),
    CONSTRAINT comments_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT comments_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES threads(id)
);

CREATE INDEX comments_by_author ON comments USING btree (author_id, id);

CREATE INDEX comments_by_branch ON comments USING btree (root_id, path) WHERE shown = 1;

CREATE INDEX comments_by_parent ON comments USING btree (parent_id) WHERE parent_id IS NOT NULL;

CREATE INDEX comments_by_place ON comments USING btree (thread_id, placed_at, id) WHERE parent_id IS NULL AND shown = 1;

CREATE INDEX comments_by_status ON comments USING btree (site_id, status, placed_at, id) WHERE status <> 'published'::text;

CREATE INDEX comments_held ON comments USING btree (thread_id, id) WHERE status = 'held'::text;

CREATE INDEX comments_marked ON comments USING btree (thread_id, id) WHERE status = 'published'::text AND (pinned_until IS NOT NULL OR closed_at IS NOT NULL OR revision_pending IS NOT NULL);

CREATE INDEX comments_pings ON comments USING btree (thread_id, placed_at, id) WHERE kind = 'ping'::text;

CREATE INDEX comments_pinned ON comments USING btree (thread_id, pinned_until) WHERE pinned_until IS NOT NULL;

CREATE INDEX comments_waiting ON comments USING btree (site_id, id) WHERE revision_pending IS NOT NULL AND (status = ANY (ARRAY['held'::text, 'published'::text]));

CREATE TABLE decisions (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    at bigint NOT NULL,
    account_id bigint,
    service_token_id bigint,
    verb text NOT NULL,
    thread_id bigint NOT NULL,
    comment_id bigint,
    before text NOT NULL,
    after text NOT NULL,
    why text,
    CONSTRAINT decisions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT decisions_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES comments(id),
    CONSTRAINT decisions_pkey PRIMARY KEY (id),
    CONSTRAINT decisions_service_token_id_fkey FOREIGN KEY (service_token_id) REFERENCES service_tokens(id),
    CONSTRAINT decisions_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT decisions_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES threads(id)
);

CREATE INDEX decisions_by_comment ON decisions USING btree (comment_id) WHERE comment_id IS NOT NULL;

CREATE TABLE editions (
    thread_id bigint NOT NULL,
    sort text NOT NULL,
    made_at bigint NOT NULL,
    version bigint NOT NULL,
    ids bytea NOT NULL,
    CONSTRAINT editions_pkey PRIMARY KEY (thread_id, sort, made_at),
    CONSTRAINT editions_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES threads(id)
);

CREATE INDEX editions_by_made ON editions USING btree (made_at);

CREATE TABLE erasing (
    erasure_id bigint NOT NULL,
    author_id bigint NOT NULL,
    CONSTRAINT erasing_erasure_id_fkey FOREIGN KEY (erasure_id) REFERENCES erasures(id),
    CONSTRAINT erasing_pkey PRIMARY KEY (erasure_id, author_id)
);

CREATE TABLE erasures (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    account_id bigint,
    wish text NOT NULL,
    asked_at bigint NOT NULL,
    comments bigint NOT NULL,
    done bigint NOT NULL,
    finished_at bigint,
    CONSTRAINT erasures_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT erasures_pkey PRIMARY KEY (id),
    CONSTRAINT erasures_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE INDEX erasures_by_account ON erasures USING btree (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE fingerprints (
    site_id bigint NOT NULL,
    fingerprint bytea NOT NULL,
    comment_id bigint NOT NULL,
    text_hash bytea NOT NULL,
    place_id bigint NOT NULL,
    network bytea NOT NULL,
    at bigint NOT NULL,
    CONSTRAINT fingerprints_pkey PRIMARY KEY (site_id, fingerprint, comment_id)
);

CREATE INDEX fingerprints_by_at ON fingerprints USING btree (at);

CREATE TABLE idempotency (
    site_id bigint NOT NULL,
    scope bytea NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    answer text NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT idempotency_pkey PRIMARY KEY (site_id, scope, key)
);

CREATE INDEX idempotency_by_expiry ON idempotency USING btree (expires_at);

CREATE TABLE identities (
    site_id bigint NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id bigint NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint NOT NULL,
    CONSTRAINT identities_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT identities_pkey PRIMARY KEY (site_id, issuer, subject),
    CONSTRAINT identities_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE UNIQUE INDEX identities_by_account ON identities USING btree (account_id, issuer);

CREATE TABLE imports (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    format text NOT NULL,
    files text NOT NULL,
    started_at bigint NOT NULL,
    finished_at bigint,
    report text NOT NULL,
    undo text,
    undone_at bigint,
    CONSTRAINT imports_pkey PRIMARY KEY (id),
    CONSTRAINT imports_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE TABLE keys (
    purpose text NOT NULL,
    made_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    value bytea NOT NULL,
    CONSTRAINT keys_pkey PRIMARY KEY (purpose, made_at)
);

CREATE TABLE limits (
    site_id bigint NOT NULL,
    subject bytea NOT NULL,
    act text NOT NULL,
    times text NOT NULL,
    touched_at bigint NOT NULL,
    CONSTRAINT limits_pkey PRIMARY KEY (site_id, subject, act)
);

CREATE INDEX limits_by_touched ON limits USING btree (touched_at);

CREATE TABLE mail_codes (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    browser_hash bytea NOT NULL,
    email text NOT NULL,
    language text NOT NULL,
    code text NOT NULL,
    counted bytea NOT NULL,
    tries bigint NOT NULL,
    proved_at bigint,
    expires_at bigint NOT NULL,
    CONSTRAINT mail_codes_pkey PRIMARY KEY (id),
    CONSTRAINT mail_codes_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE UNIQUE INDEX mail_codes_by_browser ON mail_codes USING btree (site_id, browser_hash);

CREATE INDEX mail_codes_by_expiry ON mail_codes USING btree (site_id, expires_at);

CREATE TABLE mail_links (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    email text NOT NULL,
    language text NOT NULL,
    token_hash bytea,
    counted bytea NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT mail_links_pkey PRIMARY KEY (id),
    CONSTRAINT mail_links_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT mail_links_token_hash_key UNIQUE (token_hash)
);

CREATE INDEX mail_links_by_expiry ON mail_links USING btree (site_id, expires_at);

CREATE TABLE name_looks (
    site_id bigint NOT NULL,
    look text NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT name_looks_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT name_looks_pkey PRIMARY KEY (site_id, look),
    CONSTRAINT name_looks_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE INDEX name_looks_by_account ON name_looks USING btree (account_id);

CREATE TABLE outbox (
    id bigint NOT NULL,
    kind text NOT NULL,
    dedupe_key text NOT NULL,
    payload text NOT NULL,
    run_at bigint NOT NULL,
    attempts bigint NOT NULL DEFAULT 0,
    leased_until bigint NOT NULL DEFAULT 0,
    last_error text,
    CONSTRAINT outbox_dedupe_key_key UNIQUE (dedupe_key),
    CONSTRAINT outbox_pkey PRIMARY KEY (id)
);

CREATE INDEX outbox_by_run_at ON outbox USING btree (run_at);

CREATE TABLE passkey_challenges (
    site_id bigint NOT NULL,
    browser_hash bytea NOT NULL,
    purpose text NOT NULL,
    account_id bigint,
    challenge bytea NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT passkey_challenges_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT passkey_challenges_pkey PRIMARY KEY (site_id, browser_hash),
    CONSTRAINT passkey_challenges_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE TABLE passkeys (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    account_id bigint NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint,
    CONSTRAINT passkeys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT passkeys_pkey PRIMARY KEY (id),
    CONSTRAINT passkeys_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE INDEX passkeys_by_account ON passkeys USING btree (account_id);

CREATE UNIQUE INDEX passkeys_by_credential ON passkeys USING btree (site_id, credential_id);

CREATE TABLE roles (
    site_id bigint NOT NULL,
    account_id bigint NOT NULL,
    role text NOT NULL,
    granted_at bigint NOT NULL,
    lent_until bigint,
    CONSTRAINT roles_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT roles_pkey PRIMARY KEY (site_id, account_id, role),
    CONSTRAINT roles_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE TABLE rule_changes (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    at bigint NOT NULL,
    source text NOT NULL,
    account_id bigint,
    version bigint NOT NULL,
    field text NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    CONSTRAINT rule_changes_pkey PRIMARY KEY (id),
    CONSTRAINT rule_changes_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE INDEX rule_changes_by_at ON rule_changes USING btree (at);

CREATE INDEX rule_changes_by_site ON rule_changes USING btree (site_id, version, id);

CREATE TABLE schema_versions (
    version bigint NOT NULL,
    name text NOT NULL,
    applied_at bigint NOT NULL,
    CONSTRAINT schema_versions_pkey PRIMARY KEY (version)
);

CREATE TABLE service_tokens (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    name text NOT NULL,
    scopes text NOT NULL,
    token_hash bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    used_at bigint,
    revoked_at bigint,
    CONSTRAINT service_tokens_pkey PRIMARY KEY (id),
    CONSTRAINT service_tokens_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT service_tokens_token_hash_key UNIQUE (token_hash)
);

CREATE UNIQUE INDEX service_tokens_by_name ON service_tokens USING btree (site_id, name) WHERE revoked_at IS NULL;

CREATE TABLE sessions (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    account_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    browser text NOT NULL,
    network bytea,
    created_at bigint NOT NULL,
    proved_at bigint NOT NULL,
    used_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash)
);

CREATE INDEX sessions_by_account ON sessions USING btree (account_id);

CREATE TABLE sign_in_codes (
    token_hash bytea NOT NULL,
    site_id bigint NOT NULL,
    account_id bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT sign_in_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT sign_in_codes_pkey PRIMARY KEY (token_hash),
    CONSTRAINT sign_in_codes_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE TABLE sites (
    id bigint NOT NULL,
    base_url text NOT NULL,
    rules text NOT NULL,
    locked text NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT sites_base_url_key UNIQUE (base_url),
    CONSTRAINT sites_pkey PRIMARY KEY (id)
);

CREATE TABLE source_ids (
    site_id bigint NOT NULL,
    system text NOT NULL,
    origin text NOT NULL,
    kind text NOT NULL,
    source_id text NOT NULL,
    local_id bigint NOT NULL,
    extras text,
    import_id bigint,
    made bigint NOT NULL DEFAULT 0,
    seen_hash bytea,
    seen_as text,
    CONSTRAINT source_ids_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
    CONSTRAINT source_ids_pkey PRIMARY KEY (site_id, system, origin, kind, source_id),
    CONSTRAINT source_ids_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE INDEX source_ids_by_import ON source_ids USING btree (import_id, kind, local_id) WHERE import_id IS NOT NULL;

CREATE INDEX source_ids_by_local ON source_ids USING btree (local_id);

CREATE TABLE threads (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    article_id bigint NOT NULL,
    state text NOT NULL,
    version bigint NOT NULL,
    comment_count bigint NOT NULL,
    top_count bigint NOT NULL,
    CONSTRAINT threads_article_id_fkey FOREIGN KEY (article_id) REFERENCES articles(id),
    CONSTRAINT threads_article_id_key UNIQUE (article_id),
    CONSTRAINT threads_pkey PRIMARY KEY (id),
    CONSTRAINT threads_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE TABLE trips (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    browser_hash bytea NOT NULL,
    state_hash bytea NOT NULL,
    way text NOT NULL,
    verifier text NOT NULL,
    leads_to text NOT NULL,
    said text,
    expires_at bigint NOT NULL,
    CONSTRAINT trips_pkey PRIMARY KEY (id),
    CONSTRAINT trips_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT trips_state_hash_key UNIQUE (state_hash)
);

CREATE INDEX trips_by_browser ON trips USING btree (site_id, browser_hash);

CREATE INDEX trips_by_expiry ON trips USING btree (expires_at);

CREATE TABLE visitors (
    id bigint NOT NULL,
    site_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    network bytea,
    first_seen bigint NOT NULL,
    last_seen bigint NOT NULL,
    account_id bigint,
    CONSTRAINT visitors_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
    CONSTRAINT visitors_pkey PRIMARY KEY (id),
    CONSTRAINT visitors_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id)
);

CREATE INDEX visitors_by_account ON visitors USING btree (account_id) WHERE account_id IS NOT NULL;

CREATE INDEX visitors_by_last_seen ON visitors USING btree (last_seen);

CREATE UNIQUE INDEX visitors_by_token ON visitors USING btree (site_id, token_hash);

CREATE TABLE votes (
    comment_id bigint NOT NULL,
    voter bigint NOT NULL,
    site_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    value bigint NOT NULL,
    at bigint NOT NULL,
    counts_from bigint,
    network bytea,
    CONSTRAINT votes_comment_id_fkey FOREIGN KEY (comment_id) REFERENCES comments(id),
    CONSTRAINT votes_pkey PRIMARY KEY (comment_id, voter),
    CONSTRAINT votes_site_id_fkey FOREIGN KEY (site_id) REFERENCES sites(id),
    CONSTRAINT votes_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES threads(id)
);

CREATE INDEX votes_by_network ON votes USING btree (site_id, network, at) WHERE network IS NOT NULL;

CREATE INDEX votes_by_voter ON votes USING btree (voter, thread_id);

CREATE VIEW drawn_comments AS
 SELECT c.id,
    c.site_id,
    c.thread_id,
    c.parent_id,
    c.root_id,
    c.depth,
    c.path,
    c.kind,
    c.status,
    c.shown,
    c.language,
    c.posted_at,
    c.placed_at,
    c.changed,
    c.reply_count,
    c.branch_count,
    c.pinned_until,
    c.closed_at,
    c.author_id,
    ((c.up + c.imported_up) +
        CASE
            WHEN (c.imported_score > 0) THEN c.imported_score
            ELSE (0)::bigint
        END) AS up,
    ((c.down + c.imported_down) +
        CASE
            WHEN (c.imported_score < 0) THEN (- c.imported_score)
            ELSE (0)::bigint
        END) AS down,
        CASE
            WHEN (c.status = 'published'::text) THEN c.label
            ELSE NULL::text
        END AS label,
        CASE
            WHEN (c.status = 'published'::text) THEN a.name
            ELSE NULL::text
        END AS author_name,
        CASE
            WHEN (c.status = 'published'::text) THEN a.website
            ELSE NULL::text
        END AS author_website,
        CASE
            WHEN ((c.status = 'published'::text) AND (r.n > 1)) THEN r.at
            ELSE NULL::bigint
        END AS edited_at,
        CASE
            WHEN (c.status = 'published'::text) THEN r.html
            ELSE NULL::text
        END AS html,
        CASE
            WHEN (p.status = 'published'::text) THEN pa.name
            ELSE NULL::text
        END AS parent_name
   FROM ((((comments c
     JOIN authors a ON ((a.id = c.author_id)))
     LEFT JOIN comment_revisions r ON (((r.comment_id = c.id) AND (r.n = c.revision_published))))
     LEFT JOIN comments p ON ((p.id = c.parent_id)))
     LEFT JOIN authors pa ON ((pa.id = p.author_id)));

CREATE VIEW left_comments AS
 SELECT c.id,
    a.site_id,
    c.thread_id,
    c.status,
    c.posted_at,
    c.author_id,
    a.name AS author_name,
    lower(a.email) AS email_key,
    ( SELECT v.account_id
           FROM visitors v
          WHERE (v.id = a.visitor_id)) AS account_id,
    COALESCE(c.revision_pending, c.revision_published) AS revision
   FROM (authors a
     JOIN comments c ON ((c.author_id = a.id)))
  WHERE ((a.email IS NOT NULL) AND (a.account_id IS NULL) AND (c.kind = 'comment'::text) AND (c.status <> 'deleted'::text) AND (COALESCE(c.revision_pending, c.revision_published) IS NOT NULL));

"""Addresses: as browsers read them, or refused."""

from contextlib import suppress

import pytest
from ada_url import URL
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.errors import Invalid
from rejoinder.text.addresses import (
    canonical_url,
    check_email,
    check_website,
    origin_of,
    outgoing_link,
    safe_next,
)

SITE = "https://publication.example"
KEYS = ("p", "page_id", "id", "article", "story")


def canonical(url: str, slash: str = "keep") -> str:
    return canonical_url(url, url_keys=KEYS, slash=slash)


@pytest.mark.parametrize(
    ("written", "website"),
    [
        ("example.org", "https://example.org/"),
        ("Example.ORG/~nell?a=b#c", "https://example.org/~nell?a=b#c"),
        ("example.org:8080/a", "https://example.org:8080/a"),
        ("http://example.org", "http://example.org/"),
        (" https://example.org/a ", "https://example.org/a"),
        ("https://münchen.example/ü", "https://xn--mnchen-3ya.example/%C3%BC"),
    ],
)
def test_a_website_is_made_whole(written, website):
    assert check_website(written) == website


@pytest.mark.parametrize("nothing", ["", " ", "   "])
def test_no_website_is_no_website(nothing):
    assert check_website(nothing) is None


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "mailto:a@b.org",
        "ftp://example.org",
        "file:///etc",
        "nell",
        "1.5",
        "127.1",
        "https://",
        "https:///",
        "https://nell@example.org",
        "nell:secret@example.org",
        "a@b.org",
        "https://exa mple.org",
        "https://example.org/\n",
        "exam\tple.org",
        "\x00https://example.org",
        "https://example.org:99999",
        "https://example.org/" + "a" * 2048,
        "https://\ud800.org",
        "java\nscript:alert(1)",
        "https://[::1",
        "/about",
        "#top",
    ],
)
def test_what_is_no_website_is_refused(written):
    with pytest.raises(Invalid) as refused:
        check_website(written)

    assert (refused.value.code, refused.value.field) == ("website-invalid", "website")


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("http://Example.org:80/a#comments", "https://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://nell:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&p=7&fbclid=y", "https://example.org/a?p=7"),
        ("https://example.org/?story=2&id=1", "https://example.org/?id=1&story=2"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org/a/./b/../c", "https://example.org/a/c"),
        ("https://example.org", "https://example.org/"),
    ],
)
def test_an_article_has_one_address(url, same):
    assert canonical(url) == same


@pytest.mark.parametrize(
    ("slash", "page", "folder", "file", "root"),
    [
        ("keep", "/a", "/a/", "/a.html", "/"),
        ("add", "/a/", "/a/", "/a.html", "/"),
        ("strip", "/a", "/a", "/a.html", "/"),
    ],
)
def test_the_final_slash_is_as_the_publisher_says(slash, page, folder, file, root):
    shown = [canonical("https://example.org" + path, slash) for path in ("/a", "/a/", "/a.html", "/")]

    assert shown == ["https://example.org" + path for path in (page, folder, file, root)]


@pytest.mark.parametrize(
    "url", ["", "/a", "example.org", "ftp://example.org/", "javascript:x", "https://a/" + "b" * 2048]
)
def test_what_is_no_web_page_has_no_address(url):
    for ask in (canonical, origin_of):
        with pytest.raises(Invalid) as refused:
            ask(url)
        assert refused.value.code == "address-invalid"


def test_an_origin_is_scheme_host_and_port():
    assert origin_of("http://Example.org:80/a?b#c") == "http://example.org"
    assert origin_of("https://example.org:8443/") == "https://example.org:8443"


@pytest.mark.parametrize(
    "path", ["/", "/articles/a", "/comments/1?v=2#comment-1", "/a%20b", "/%09/evil.example"]
)
def test_a_path_of_ours_is_where_to_go_next(path):
    assert safe_next(path, SITE) == path


@pytest.mark.parametrize(
    "raw",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        " /a",
        "///evil.example",
        "/.//evil.example",
        "/a/..//evil.example",
        "/%2e//evil.example",
        "//",
        "/\x00",
        "/a\\..\\..//evil.example",
        "/\ud800",
        "/" + "a" * 3000,
        "https://publication.example/a",
        "//publication.example/a",
        "?a",
        "#a",
        "./a",
    ],
)
def test_every_other_way_leads_home(raw):
    assert safe_next(raw, SITE) == "/"


def lands_on(location: str) -> str:
    return URL(location, SITE + "/sign-in").origin


@given(
    st.lists(
        st.sampled_from(
            [
                "/",
                "\\",
                ".",
                "%2e",
                "%2f",
                "%09",
                "\t",
                "\n",
                "@",
                ":",
                "evil.example",
                "https:",
                "?",
                "#",
                "a",
                "é",
            ]
        )
    ).map("".join)
)
def test_no_redirect_leaves_us(raw):
    location = safe_next("/" + raw, SITE)

    assert location.isascii()
    assert lands_on(location) == SITE
    assert safe_next(location, SITE) == location


def test_whatwg_addresses_are_read_as_browsers_do_or_refused(urls):
    taken = 0
    for entry in urls:
        if entry.get("base"):
            continue
        raw, fails = entry["input"], entry.get("failure", False)
        is_web = not fails and entry["protocol"] in ("http:", "https:")
        link = outgoing_link(raw)
        assert link is None or (not fails and link == entry["href"])

        website = None
        with suppress(Invalid):
            website = check_website(raw)
        if website is not None:
            taken += 1
            assert website == (entry["href"] if is_web else URL("https://" + raw.strip(" ")).href)
            assert URL(website).protocol in ("http:", "https:")

        if is_web:
            assert origin_of(raw) == entry.get("origin", URL(raw).origin)
            once = canonical(raw)
            assert URL(once).hostname == entry["hostname"]
            assert canonical(once) == once
        else:
            with pytest.raises(Invalid):
                canonical(raw)
    assert taken > 40


def test_no_address_of_the_corpora_leads_away(urls, naughty, vectors):
    for raw in [entry["input"] for entry in urls] + naughty + vectors:
        for written in (raw, "/" + raw, "//" + raw, raw.strip()):
            assert lands_on(safe_next(written, SITE)) == SITE


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("nell@example.org", "nell@example.org"),
        (" Nell+news@Example.ORG ", "Nell+news@example.org"),
        ("nell@münchen.de", "nell@xn--mnchen-3ya.de"),
    ],
)
def test_an_address_for_mail_is_taken(written, address):
    assert check_email(written) == address


@pytest.mark.parametrize(
    "written",
    [
        "",
        "nell",
        "nell@",
        "@example.org",
        "nell@localhost",
        "Nell <nell@example.org>",
        '"nell ann"@example.org',
        "nell@[127.0.0.1]",
        "nell(x)@example.org",
        "nell@example.org\n",
        "nell@example.org\r\nBcc: a@b.org",
        "nell@exam\nple.org",
        "a@b.org,c@d.org",
        "a@b.org;c@d.org",
        "nell@@example.org",
        "nell@example..org",
        "nëll@example.org",
        "n@" + "a" * 63 + "." + "b." * 120 + "org",
        "nell\x00@example.org",
        "nell@\ud800.org",
        "<nell@example.org>",
        "nell%0abcc@example.org\t",
    ],
)
def test_what_is_not_one_mailbox_is_refused(written):
    with pytest.raises(Invalid) as refused:
        check_email(written)

    assert (refused.value.code, refused.value.field) == ("email-invalid", "email")

"""What a reader gets."""

import asyncio

import pytest

from publication.conftest import png
from publication.press import BASE_URL, Press

pytestmark = pytest.mark.anyio

LAMP = """---
title: The harbour light
authors:
  - Mara Lindqvist
  - name: Jo Berg
    url: https://jo.example
origin:
  name: Coastwise
  url: https://coastwise.example/lamp
published: 2026-05-12
updated: 2026-05-14
section: opinion
lead: It was never meant to be a museum.
image:
  src: lamp.png
  alt: The lamp at dusk
  credit: "Photo: Ansel Berg"
---
# The harbour light

For ninety years the lamp told boats where the rocks were.

![The keeper](keeper.png)

> Came in through fog at four this morning.
>
> — Ansel Berg (@anselberg), 18 April 2026, https://social.example/1
"""


async def test_an_article_has_all_that_its_file_says(press: Press) -> None:
    press.write("publication.toml", 'name = "Coast"\n[sections]\nopinion = "Opinion"\n')
    press.write("lamp.md", LAMP)
    press.write("lamp.png", png(1200, 800))
    press.write("keeper.png", png(640, 480))
    assert (await press.sync()).faults == []

    page = await press.get("/articles/lamp")

    assert page.status_code == 200
    html = page.text
    assert html.count("The harbour light</h1>") == 1
    assert "<title>The harbour light · Coast</title>" in html
    assert '<a href="/sections/opinion" itemprop="articleSection">Opinion</a>' in html
    assert "Written by" in html
    assert '<a href="https://jo.example" itemprop="url"><bdi itemprop="name">Jo Berg</bdi></a>' in html
    assert 'Originally appeared at <a href="https://coastwise.example/lamp"><bdi>Coastwise</bdi></a>' in html
    assert '<time itemprop="datePublished" datetime="2026-05-12T00:00:00Z">12 May 2026</time>' in html
    assert '<link rel="canonical" href="https://coastwise.example/lamp">' in html
    assert f'<meta property="og:image" content="{BASE_URL}/articles/lamp/lamp.png">' in html
    assert (
        '<img src="/articles/lamp/keeper.png" alt="The keeper" width="640" height="480" loading="lazy">'
        in html
    )
    assert '<blockquote class="post">' in html
    assert "rejoinder-discussion" in html


async def test_the_front_page_lists_the_newest_first_and_those_without_a_date_last(press: Press) -> None:
    press.write("old.md", "---\npublished: 2020-01-01\n---\n# Old\n")
    press.write("new.md", "---\npublished: 2024-01-01\nlead: What is new.\n---\n# New\n")
    press.write("undated.md", "# Undated\n")
    await press.sync()

    html = (await press.get("/")).text

    assert html.index(">New</a>") < html.index(">Old</a>") < html.index(">Undated</a>")
    assert "What is new." in html


async def test_a_long_list_is_walked_page_by_page_and_shows_each_once(press: Press) -> None:
    for number in range(45):
        date = f"published: 2024-01-{number % 30 + 1:02}\n" if number < 41 else ""
        press.write(f"a{number}.md", f"---\ntitle: Article {number:02}\n{date}---\n")
    await press.sync()

    seen: list[str] = []
    path: str | None = "/"
    while path:
        html = (await press.get(path)).text
        seen += [part[:10] for part in html.split('">Article ')[1:] for part in [part.partition("<")[0]]]
        path = html.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&") or None

    assert sorted(seen) == [f"{number:02}" for number in range(45)]


async def test_a_section_lists_its_own_articles_and_an_unknown_one_is_not_there(press: Press) -> None:
    press.write("a.md", "---\nsection: Meer & Küste\n---\n# Inside\n")
    press.write("b.md", "# Outside\n")
    await press.sync()

    assert 'href="/sections/Meer%20&amp;%20K%C3%BCste"' in (await press.get("/articles/a")).text
    html = (await press.get("/sections/Meer%20&%20K%C3%BCste")).text
    assert "Inside" in html
    assert "Outside" not in html
    assert (await press.get("/sections/none")).status_code == 404


async def test_an_empty_site_says_how_to_begin(press: Press) -> None:
    page = await press.get("/")

    assert page.status_code == 200
    assert "rejoinder serve FOLDER" in page.text


async def test_a_renamed_article_is_found_at_its_old_address(press: Press) -> None:
    lamp = press.write("lamp.md", LAMP)
    await press.sync()
    lamp.rename(lamp.with_name("light.md"))
    await press.sync()

    page = await press.get("/articles/lamp")

    assert (page.status_code, page.headers["location"]) == (301, "/articles/light")
    assert (await press.get("/articles/light")).status_code == 200


async def test_a_page_that_is_kept_is_not_served_after_its_article_moved(press: Press) -> None:
    lamp = press.write("lamp.md", LAMP)
    await press.sync()
    assert (await press.get("/articles/lamp")).status_code == 200

    lamp.rename(lamp.with_name("light.md"))
    await press.sync()

    assert await _becomes(press, "/articles/lamp", 301)


async def _becomes(press: Press, path: str, status: int) -> bool:
    """Pages are drawn again at most ten times a second."""
    for _ in range(50):
        if (await press.get(path)).status_code == status:
            return True
        await asyncio.sleep(0.1)
    return False


async def test_an_address_of_the_old_site_leads_to_the_article(press: Press) -> None:
    press.write("lamp.md", LAMP.replace("section:", "aliases: [/2019/05/lamp.html, /?p=12]\nsection:"))
    await press.sync()

    for old in ("/2019/05/lamp.html", "/2019/05/lamp.html?utm_source=x", "/articles/lamp/"):
        page = await press.get(old)
        assert (page.status_code, page.headers.get("location")) == (301, "/articles/lamp"), old
    assert (await press.get("/2019/05/other.html")).status_code == 404


async def test_a_removed_article_is_gone_and_a_draft_is_not_there(press: Press) -> None:
    lamp = press.write("lamp.md", LAMP)
    press.write("draft.md", "---\ndraft: true\n---\n# Draft\n")
    await press.sync()
    lamp.unlink()
    await press.sync()

    assert (await press.get("/articles/lamp")).status_code == 410
    assert (await press.get("/articles/draft")).status_code == 404
    assert "Draft" not in (await press.get("/")).text


async def test_a_picture_is_served_only_where_a_public_article_shows_it(press: Press) -> None:
    press.write("lamp.md", "# Lamp\n\n![](shown.png)\n\n![](img/deep.svg)\n")
    press.write("secret.md", "---\ndraft: true\n---\n# Secret\n\n![](secret.png)\n")
    press.write("notes.txt", "nothing")
    for name in ("shown.png", "secret.png"):
        press.write(name, png(10, 10))
    press.write(
        "img/deep.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><script/></svg>"
    )
    await press.sync()

    shown = await press.get("/articles/lamp/shown.png")
    drawn = await press.get("/articles/lamp/img/deep.svg")

    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in drawn.headers["content-security-policy"]
    assert "script-src" not in drawn.headers["content-security-policy"]
    for path in (
        "/articles/lamp/secret.png",
        "/articles/secret/secret.png",
        "/articles/lamp/lamp.md",
        "/articles/lamp/notes.txt",
        "/articles/lamp/..%2fsecret.png",
        "/articles/lamp/%2e%2e/secret.png",
        "/publication/secret.png",
    ):
        assert (await press.get(path)).status_code == 404, path


async def test_the_logo_is_served(press: Press) -> None:
    press.write("publication.toml", 'logo = "logo.svg"\n')
    press.write("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>")
    await press.sync()

    assert '<img src="/publication/logo.svg"' in (await press.get("/")).text
    assert (await press.get("/publication/logo.svg")).headers["content-type"] == "image/svg+xml"


async def test_what_a_front_matter_says_is_text_and_never_markup(press: Press) -> None:
    hostile = '"\\"><script>alert(1)</script>{{ 7*7 }}"'
    press.write(
        "a.md",
        f"---\ntitle: {hostile}\nbyline: {hostile}\nsection: '<script>alert(1)<!--'\nlead: {hostile}\n"
        f"origin: {{name: {hostile}, url: https://x.example}}\n---\nText.\n",
    )
    report = await press.sync()

    # A slash can't stand in the name of a section; the others are taken as they are.
    assert report.faults == []
    for path in ("/", "/articles/a"):
        html = (await press.get(path)).text
        assert "<script>alert" not in html
        assert "49" not in html


async def test_a_byline_that_says_written_by_does_not_say_it_twice(press: Press) -> None:
    press.write("a.md", "---\nbyline: Mara\n---\n# A\n")
    press.write("b.md", "---\nbyline: Written by Mara\n---\n# B\n")
    await press.sync()

    assert "Written by <bdi" in (await press.get("/articles/a")).text
    assert "Written by <bdi" not in (await press.get("/articles/b")).text


async def test_the_first_comment_is_counted_on_the_front_page_and_stands_under_its_article(
    press: Press,
) -> None:
    press.write("lamp.md", LAMP)
    await press.sync()
    assert "1 comment" not in (await press.get("/")).text
    assert "No comments yet" in (await press.get("/articles/lamp")).text

    async with press.client() as reader:
        reader.headers["sec-fetch-site"] = "same-origin"
        written = {"url": "/articles/lamp", "text": "My father kept that light.", "name": "Tove"}
        await reader.post("/comments", data=written)  # a browser's first: a preview, and a cookie
        posted = await reader.post("/comments", data=written)
    assert posted.status_code == 303

    assert await _says(press, "/", "1 comment")
    assert await _says(press, "/articles/lamp", "My father kept that light.")


async def _says(press: Press, path: str, words: str) -> bool:
    for _ in range(50):
        if words in (await press.get(path)).text:
            return True
        await asyncio.sleep(0.1)
    return False


async def test_an_article_without_discussion_has_none(press: Press) -> None:
    press.write("lamp.md", LAMP.replace("section:", "discussion: none\nsection:"))
    await press.sync()

    page = await press.get("/articles/lamp")

    assert page.status_code == 200
    assert "rejoinder-discussion" not in page.text


async def test_a_page_in_another_language_than_its_article_says_so(press: Press) -> None:
    press.write("lamp.md", LAMP.replace("section:", "language: nb\nsection:"))
    press.write("fog.md", "---\nlanguage: ar\ntitle: الضباب\n---\nنص.\n")
    await press.sync()

    lamp, fog = (await press.get("/articles/lamp")).text, (await press.get("/articles/fog")).text

    assert '<html lang="en" dir="ltr">' in lamp
    assert '<h1 itemprop="headline" lang="nb" dir="ltr">' in lamp
    assert '<html lang="ar" dir="rtl">' in fog
    assert (await press.get("/articles/lamp?lang=xx")).status_code == 400
    assert (await press.get("/?after=nowhere")).status_code == 400

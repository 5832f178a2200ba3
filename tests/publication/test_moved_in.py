"""A publication that moved in from WordPress, as its readers see it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from publication.conftest import png
from publication.press import Press
from rejoinder.transfer.formats import Format
from rejoinder.transfer.load import Options, import_files
from transfer.exports import comment, post, write

pytestmark = pytest.mark.anyio

HOME = "https://old.example/wp-content/uploads"


async def move_in(press: Press, *files: Path, **options: Any) -> dict[str, Any]:
    """Import while the publication is at work."""

    def work() -> dict[str, Any]:
        return import_files(
            press.db,
            press.site,
            files,
            format_=Format.WORDPRESS,
            options=Options(publication=press.folder, **options),
        )

    return await asyncio.to_thread(work)


def level(node: LexborNode) -> int:
    """How many comments a comment stands in."""
    found, above = 0, node.parent
    while above is not None:
        found += above.tag == "li" and "comment" in (above.attributes.get("class") or "").split()
        above = above.parent
    return found


def words(node: LexborNode, selector: str) -> str:
    found = node.css_first(selector)
    return found.text(strip=True) if found else ""


async def test_a_chain_of_ten_reads_right_in_the_page(press: Press, shared: Path) -> None:
    await move_in(press, shared / "samples/wxr/wordpress-importer-theme-unit-test-data.xml")

    page = LexborHTMLParser((await press.get("/articles/template-comments")).text)

    comments = page.css("li.comment")
    bodies = [words(node, "article > .text") for node in comments]
    chain = [
        (node, body)
        for node, body in zip(comments, bodies, strict=True)
        if level(node) or body.startswith("Comment Depth 01")
    ]
    assert [body[:16] for _, body in chain] == [f"Comment Depth {n:02}" for n in range(1, 11)]
    assert [level(node) for node, _ in chain] == [0, 1, 2, 3, 4, 5, 5, 5, 5, 5]
    names = [words(node, "article bdi") for node, _ in chain]
    replies = [words(node, "article a.to").strip("\u2068\u2069") for node, _ in chain]
    for name, reply in zip(names[1:], replies[2:], strict=False):
        assert name in reply
    assert len(comments) == 19, "one more waits"
    assert "auser" not in page.html


async def test_a_placeholder_stands_above_the_answer_to_what_was_thrown_away(
    press: Press, tmp_path: Path
) -> None:
    await move_in(
        press,
        write(
            tmp_path / "a.xml",
            post(1, comment(1, approved="spam", content="Buy!", author="Spammer"), comment(2, 1)),
        ),
    )

    page = (await press.get("/articles/post-1")).text

    assert "Comment 2." in page
    assert "Spammer" not in page and "Buy!" not in page


async def test_every_old_address_leads_to_the_article(press: Press, tmp_path: Path) -> None:
    await move_in(press, write(tmp_path / "a.xml", post(12, comment(1)), post(13, status="draft")))

    for old in (
        "/2020/05/post-12/",
        "/2020/05/post-12",
        "/2020/05/post-12/?utm_source=x",
        "/?p=12",
        "/?utm_source=x&p=12",
    ):
        page = await press.get(old)
        assert (page.status_code, page.headers.get("location")) == (301, "/articles/post-12"), old
    for none in ("/?p=13", "/?p=99", "/2020/05/post-13/", "/articles/post-13"):
        assert (await press.get(none)).status_code == 404, none
    assert (await press.get("/?utm_source=x")).status_code == 200


async def test_mentions_elsewhere_are_listed(press: Press, tmp_path: Path) -> None:
    ping = comment(1, type="pingback", author="There", author_url="https://there.example/x")
    await move_in(press, write(tmp_path / "a.xml", post(1, ping, comment(2))))

    assert "https://there.example/x" in (await press.get("/articles/post-1")).text


def uploads(folder: Path) -> Path:
    for name in ("2020/05/boat.png", "2020/05/sea-300x200.png", "2020/05/sea.png", "2020/05/draft.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(png(30, 20))
    return folder


PICTURES = (
    f'<img src="{HOME}/2020/05/boat.png" alt="A boat">'
    '[caption id="x"]<a href="/x"><img src="/wp-content/uploads/2020/05/sea-150x150.png"></a> The sea[/caption]'
    '<img src="https://i2.wp.com/old.example/wp-content/uploads/2020/05/boat.png?w=3" alt="Again">'
    '<img src="https://else.example/wp-content/uploads/2020/05/boat.png" alt="Not ours">'
    f'<img src="{HOME}/2020/05/gone.png"><img src="{HOME}/../../../secret.png"><img src="data:image/png;base64,xx" alt="Data">'
)


async def test_pictures_come_along_and_nothing_is_fetched_from_elsewhere(
    press: Press, tmp_path: Path
) -> None:
    folder = uploads(tmp_path / "uploads")
    (tmp_path / "secret.png").write_bytes(png(1, 1))
    file = write(
        tmp_path / "a.xml",
        post(1, text=PICTURES),
        post(2, text=f'<img src="{HOME}/2020/05/draft.png">', status="draft"),
    )

    await move_in(press, file, images=folder)

    page = LexborHTMLParser((await press.get("/articles/post-1")).text)
    shown = [
        (node.attributes["src"], node.attributes["width"], node.attributes["alt"])
        for node in page.css("article img")
    ]
    here = "/articles/post-1/uploads/2020/05"
    assert shown == [
        (f"{here}/boat.png", "30", "A boat"),
        (f"{here}/sea.png", "30", ""),
        (f"{here}/boat.png", "30", "Again"),
    ]
    for src, _, _ in shown:
        assert (await press.get(src)).headers["content-type"] == "image/png"
    assert (await press.get("/articles/post-2/uploads/2020/05/draft.png")).status_code == 404
    assert (await press.get(f"{here}/draft.png")).status_code == 404
    links = {node.text(strip=True) for node in page.css("article a")}
    assert {"Not ours", "gone.png"} <= links


async def test_a_link_to_a_large_picture_leads_to_ours(press: Press, tmp_path: Path) -> None:
    links = (
        f'<a href="{HOME}/2020/05/boat.png?a=1&amp;b=2">Large</a> <a href="{HOME}/2020/05/gone.png">Gone</a>'
    )
    file = write(tmp_path / "a.xml", post(1, text=links))

    await move_in(press, file, images=uploads(tmp_path / "uploads"))

    page = LexborHTMLParser((await press.get("/articles/post-1")).text)
    large, gone = (node.attributes["href"] or "" for node in page.css(".prose a"))
    assert (large, gone) == ("/articles/post-1/uploads/2020/05/boat.png", f"{HOME}/2020/05/gone.png")
    assert (await press.get(large)).headers["content-type"] == "image/png"


async def test_without_its_folder_a_picture_is_a_link_with_its_words(press: Press, tmp_path: Path) -> None:
    await move_in(press, write(tmp_path / "a.xml", post(1, text=PICTURES)))

    page = LexborHTMLParser((await press.get("/articles/post-1")).text)

    assert page.css("article img") == []
    links = {node.text(strip=True): node.attributes["href"] for node in page.css("article a")}
    assert links["A boat"] == f"{HOME}/2020/05/boat.png"
    assert list(press.folder.iterdir()) == []


async def test_a_dry_run_copies_no_picture(press: Press, tmp_path: Path) -> None:
    file = write(tmp_path / "a.xml", post(1, text=PICTURES))

    await move_in(press, file, images=uploads(tmp_path / "uploads"), dry_run=True)

    assert list(press.folder.iterdir()) == []


async def test_pictures_follow_an_article_whose_name_was_taken(press: Press, tmp_path: Path) -> None:
    folder = uploads(tmp_path / "uploads")
    text = f'<img src="{HOME}/2020/05/boat.png" alt="A boat">'
    await move_in(press, write(tmp_path / "a.xml", post(1, post_name="about")), images=folder)
    page = write(tmp_path / "b.xml", post(2, post_name="about", post_type="page", text=text))

    for _ in range(2):
        await move_in(press, page, images=folder)
        assert (await press.get("/articles/about-2/uploads/2020/05/boat.png")).status_code == 200

"""An address, a network and a token that were given to us stand in no public byte and in no log (D5, D21)."""

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import quote

from serving import Serving

EMAIL = "Zq.Canary@mail.zq-canary.example"
ADDRESS = "203.0.113.77"
TOKEN = "zqCanaryToken" + "x" * 30


def forms(secret: str) -> Iterator[str]:
    """A secret in every form in which programs leak one."""
    for spelling in (secret, secret.lower()):
        yield spelling
        yield spelling.upper()
        yield quote(spelling, safe="")
        raw = spelling.encode()
        yield base64.b64encode(raw).decode().rstrip("=")
        yield base64.urlsafe_b64encode(raw).decode().rstrip("=")
        for name in ("md5", "sha1", "sha256"):
            digest = hashlib.new(name, raw)
            yield digest.hexdigest()
            yield base64.b64encode(digest.digest()).decode().rstrip("=")


def test_what_a_reader_entrusts_to_us_is_in_no_answer_and_in_no_log(lamp: Serving) -> None:
    article = lamp.article()
    headers = {"x-forwarded-for": ADDRESS, "authorization": f"Bearer {TOKEN}"}
    body = {
        "thread": {"url": article.path},
        "text": "Tell nobody.",
        "author": {"name": "Nell", "email": EMAIL},
    }
    with lamp.client(**headers) as nell:
        posted = nell.post("/api/v1/comments", json=body)
        assert posted.status_code == 201
        said, version = posted.json()["id"], posted.json()["version"]
        thread = nell.get(f"{article.path}?v={version}").text.partition('data-thread="')[2][:13]
        refused = nell.post("/comments", data={"url": article.path, "text": "", "name": "Nell"})
        answers = [posted.text, refused.text, nell.get(f"/api/v1/threads/{thread}/mine").text]
        answers += [nell.get(f"/comments/{said}/manage").text, nell.get("/articles/%ff?token=" + TOKEN).text]
    with lamp.client() as reader, lamp.staff() as bob:
        paths = [article.path, f"{article.path}?sort=newest", "/", "/sections/coast", f"/threads/{thread}"]
        paths += [f"/comments/{said}{more}" for more in ("", "/reply", "/reply?quote=1", "/manage")]
        paths += [
            f"/api/v1/comments/{said}",
            f"/api/v1/threads/{thread}/mine",
            "/api/openapi.json",
            "/moderation",
        ]
        for client in (reader, bob):
            for path in paths:
                answer = client.get(path)
                answers += [answer.text, str(answer.headers)]
    answers.append((lamp.folder.parent / "serve.log").read_text(encoding="utf-8"))
    answers.append(lamp.run("comments", "list", "--status", "published", "--limit", "1000", "--json"))
    for secret in (EMAIL, ADDRESS, TOKEN):
        for form in forms(secret):
            assert [text[:200] for text in answers if form in text] == [], form


def test_a_cookie_and_a_sign_in_code_are_never_written_into_a_page(lamp: Serving) -> None:
    link = lamp.sign_in_link()
    with lamp.client(cookie=f"rejoinder-{lamp.port}={TOKEN}") as client:
        page = client.get(link)
        assert page.headers["cache-control"] == "private, no-store"
        assert (
            page.headers["referrer-policy"] == "no-referrer"
            or 'name="referrer" content="no-referrer"' in page.text
        )
        answer = client.post("/sign-in", data={"code": link.partition("code=")[2]})
        session = answer.cookies[f"rejoinder-{lamp.port}-session"]
        for path in ("/", "/moderation", lamp.article().path, "/nowhere"):
            text = client.get(path).text
            assert TOKEN not in text and session not in text

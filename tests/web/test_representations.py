"""What a page may load is said with each answer, once, and a browser hears when it changes."""

from rejoinder.web.headers import WITH_IMAGES
from rejoinder.web.representations import Answer, Representation
from rejoinder.web.snapshots import SHARED

POLICY = WITH_IMAGES[0]


def answered(shared: list[tuple[bytes, bytes]], known: bytes | None = None) -> Answer:
    """The page in plain bytes, to a browser that has what is named `known`."""
    answer = Representation(b"<p>Hello</p>", b"text/html", shared).answer("identity", known)
    assert answer is not None
    return answer


def policies(answer: Answer) -> list[bytes]:
    return [value for name, value in answer.headers if name == POLICY]


def test_images_from_elsewhere_are_let_in_where_the_page_says_so_and_nowhere_else() -> None:
    assert policies(answered([*SHARED, WITH_IMAGES])) == [WITH_IMAGES[1]]
    assert b"img-src 'self' data: https: http:;" in WITH_IMAGES[1]
    (strict,) = policies(answered(SHARED))
    assert b"img-src 'self' data:;" in strict
    assert strict.replace(b"img-src 'self' data:", b"") == WITH_IMAGES[1].replace(
        b"img-src 'self' data: https: http:", b""
    )


def test_a_browser_that_knows_the_page_hears_when_images_are_let_in_no_more() -> None:
    let_in = answered([*SHARED, WITH_IMAGES])
    etag = dict(let_in.headers)[b"etag"]

    assert answered([*SHARED, WITH_IMAGES], etag).status == 304
    assert answered(SHARED, etag).status == 200

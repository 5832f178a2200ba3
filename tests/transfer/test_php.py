"""Values of PHP: what is written there, and nothing that could run."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rejoinder.transfer.php import NotSerialised, Value, read_php

VALUES = [
    ("N;", None),
    ("b:1;", True),
    ("b:0;", False),
    ("i:-7;", -7),
    ("d:0.5;", 0.5),
    ('s:0:"";', ""),
    ('s:13:"¯\\_(ツ)_/¯";', "¯\\_(ツ)_/¯"),
    ('s:5:"a";s:";', 'a";s:'),
    ('a:2:{s:4:"like";i:7;s:7:"dislike";i:2;}', {"like": 7, "dislike": 2}),
    ('a:1:{s:6:"images";a:1:{i:0;i:345;}}', {"images": [345]}),
    ("a:0:{}", []),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_a_value_is_read_as_it_was_meant(text: str, value: Value) -> None:
    assert read_php(text) == value


NONE = [
    "",
    "5",
    "some words: with a colon;",
    'O:8:"stdClass":0:{}',
    'C:3:"Foo":2:{{}}',
    "R:1;",
    's:99:"short";',
    's:-1:"";',
    's:1:"é";',
    "i:1;i:2;",
    "i:x;",
    "d:NAN;",
    "d:INF;",
    's:3:"\ud83d";',
    "a:1:{i:0;}",
    "a:999999999:{}",
    "a:1:{" * 5000,
    "a:1:{i:0;" * 200 + "N;" + "}" * 200,
    "i:" + "9" * 5000 + ";",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_none_or_holds_an_object_is_refused(text: str) -> None:
    with pytest.raises(NotSerialised):
        read_php(text)


def php(value: Value) -> str:
    """What PHP's own `serialize` writes."""
    if isinstance(value, bool):
        return f"b:{value:d};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return f"a:{len(value or ())}:{{{''.join(php(key) + php(item) for key, item in pairs)}}}"


KEYS = st.text(min_size=1).filter(lambda key: not key.isdecimal())
TREES = st.recursive(
    st.booleans() | st.integers(-(10**12), 10**12) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, min_size=1, max_size=4),
    max_leaves=12,
)


@given(TREES)
def test_what_php_writes_is_read_back(value: Value) -> None:
    assert read_php(php(value)) == value


@given(st.text('abdisNOCR:;{}"0123456789é', max_size=60))
def test_whatever_stands_there_it_is_read_or_refused(text: str) -> None:
    try:
        read_php(text)
    except NotSerialised:
        return


def test_the_meta_of_a_real_export_is_read(shared: Path) -> None:
    export = shared / "samples/wxr/wordpress-importer-test-serialized-comment-meta.xml"
    texts = [line.partition("<![CDATA[")[2].partition("]]>")[0] for line in export.read_text().splitlines()]

    assert read_php(next(text for text in texts if text.startswith("a:"))) == {"key": "¯\\_(ツ)_/¯"}

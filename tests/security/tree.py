"""Reading a page as browsers do, with a parser that shares nothing with ours: what in it is none of ours?"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from rejoinder.text.addresses import safe_next
from text.markup import COMMENT

# What our templates write, and nothing a reader wrote may add to.
ANYWHERE = {"class", "id", "dir", "lang", "hidden", "itemprop", "itemscope", "itemtype", "role", "title"}
OURS: dict[str, set[str]] = {
    **{
        tag: set()
        for tag in "html head title body header nav main article section footer h1 h2 h3 h4 ol ul li".split()
    },
    **{
        tag: set()
        for tag in "p span bdi b figure figcaption details summary blockquote em strong code pre".split()
    },
    "div": {"tabindex", "autofocus"},
    "fieldset": set(),
    "legend": set(),
    "svg": {"width", "height"},
    "rect": {"width", "height", "fill"},
    "rejoinder-form": set(),
    "rejoinder-discussion": {"data-indent", "data-sort", "data-marker", "data-thread"},
    "meta": {"charset", "name", "content", "property"},
    "link": {"rel", "href"},
    "script": {"defer", "src"},
    "a": {"href", "rel", "download"},
    "time": {"datetime"},
    "img": {"src", "alt", "width", "height"},
    "form": {"method", "action"},
    "label": {"for"},
    "input": {"type", "name", "value", "maxlength", "autocomplete", "required", "checked", "tabindex"}
    | {"min", "max", "placeholder", "spellcheck"},
    "textarea": {"name", "rows", "required", "maxlength", "placeholder", "readonly"},
    "button": {"name", "value"},
    "template": set(),
}
ARIA = "aria-"
ADDRESSES = {"href", "src", "action"}
SCHEMES = ("http://", "https://", "mailto:")


def strange(html: str, base_url: str) -> list[str]:
    """Everything in a page that no template of ours writes and no reader may write."""
    tree = LexborHTMLParser(html)
    assert tree.root is not None
    found: list[str] = []
    for node in tree.root.traverse(include_text=False):
        found += _written(node) if _is_readers(node) else _ours(node, base_url)
    found += [f"template {child}" for child in tree.css("template *")]
    return found + [
        f"{len(tree.css(one))} {one}" for one in ("main", "title", "template") if len(tree.css(one)) > 1
    ]


def strange_fragment(html: str) -> list[str]:
    """The same for the HTML of one comment's text."""
    tree = LexborHTMLParser(f'<div class="text">{html}</div>')
    body = tree.body
    assert body is not None
    outside = [child.html or "" for child in body.iter(include_text=True)][1:]
    return outside + [fault for node in body.css(".text *") for fault in _written(node)]


def _is_readers(node: LexborNode) -> bool:
    """Whether a node stands in what a reader wrote."""
    parent = node.parent
    while parent is not None and parent.tag != "html":
        if parent.tag == "div" and (parent.attributes.get("class") or "").split(" ")[0] == "text":
            return True
        parent = parent.parent
    return False


def _written(node: LexborNode) -> list[str]:
    tag = str(node.tag)
    if tag not in COMMENT:
        return [f"<{tag}> in a comment"]
    found = [f"<{tag} {name}> in a comment" for name in node.attributes if name not in COMMENT[tag]]
    href = node.attributes.get("href")
    if href is not None and not href.startswith(SCHEMES):
        found.append(f"a link to {href!r} in a comment")
    if tag == "a" and node.attributes.get("rel") != "nofollow ugc noopener":
        found.append("a link in a comment without rel")
    return found


def _ours(node: LexborNode, base_url: str) -> list[str]:
    tag = str(node.tag)
    if tag not in OURS:
        return [f"<{tag}>"]
    known = OURS[tag] | ANYWHERE
    found = [
        f"<{tag} {name}={value!r}>"
        for name, value in node.attributes.items()
        if name not in known and not name.startswith(ARIA) and not (name == "data-count" and tag == "h2")
    ]
    for name in ADDRESSES & set(node.attributes):
        address = node.attributes[name] or ""
        is_own = safe_next(address, base_url) == address or address == "data:,"
        if not is_own and not address.startswith(SCHEMES) and not address.startswith("#"):
            found.append(f"<{tag} {name}={address!r}>")
    if tag in {"script", "form", "img"} or (tag == "link" and node.attributes.get("rel") == "stylesheet"):
        place = (
            node.attributes.get("src") or node.attributes.get("action") or node.attributes.get("href") or "/"
        )
        if not place.startswith("/") or place.startswith("//"):
            found.append(f"<{tag}> from {place!r}")
    return found

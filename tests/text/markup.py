"""An independent reading of HTML: which elements, attributes and addresses are in it."""

from html.parser import HTMLParser

from ada_url import URL

Allowed = dict[str, set[str]]

PLAIN = "abbr b blockquote br cite code del em hr i ins kbd li mark p pre q s small strong sub sup ul"
COMMENT: Allowed = {tag: set() for tag in PLAIN.split()} | {"a": {"href", "title", "rel"}, "ol": {"start"}}
WITH_IMAGES: Allowed = COMMENT | {"img": {"src", "alt", "loading"}}

STRUCTURE = "aside bdi caption dd dl dt figcaption figure h2 h3 h4 h5 h6 rp rt ruby samp section table tbody tfoot thead tr var"
ARTICLE: Allowed = {
    tag: attributes | {"lang", "dir", "id", "title"}
    for tag, attributes in (
        WITH_IMAGES
        | {tag: set() for tag in STRUCTURE.split()}
        | {"img": {"src", "alt", "width", "height", "loading"}, "li": {"value"}, "time": {"datetime"}}
        | {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
    ).items()
}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        self.strange.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def faults(
    html: str, allowed: Allowed, *, rel: str = "nofollow ugc noopener", base: str | None = None
) -> list[str]:
    """Everything in the HTML that is outside the list: elements, attributes, addresses, comments.

    Without a `base` an address must be whole, and written as browsers write it.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = list(reader.strange)
    for tag, attributes in reader.elements:
        found += [tag] if tag not in allowed else []
        found += [f"{tag} {name}" for name in attributes if name not in allowed.get(tag, ())]
        found += [f"a rel={attributes.get('rel')}"] if tag == "a" and attributes.get("rel") != rel else []
        addresses = [attributes[name] or "" for name in ("href", "src") if name in attributes]
        found += [f"{tag} {address}" for address in addresses if not _leads_out(address, base)]
    return found


def _leads_out(address: str, base: str | None) -> bool:
    url = URL(address, base)
    as_browsers_do = base is not None or url.href == address
    return url.protocol in ("http:", "https:", "mailto:") and not url.username and as_browsers_do

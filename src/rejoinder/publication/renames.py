"""Telling which new file is an old one under another name, so that its discussion goes with it."""

from collections.abc import Iterable

from rejoinder.articles.models import ArticleDraft, Known


class Renames:
    """`known` are the folder's articles, `missing` those of them without a file now."""

    def __init__(self, known: Iterable[Known], missing: Iterable[Known]) -> None:
        self._known = {article.url for article in known}
        self._missing = list(missing)

    def earlier_address(self, draft: ArticleDraft) -> str | None:
        """Where this article stood before: at the one missing article with the very same text, if there is one."""
        if draft.url in self._known or not draft.body.written():
            return None
        same = [article for article in self._missing if article.hash == draft.body.hash]
        if len(same) != 1:
            return None
        self._missing.remove(same[0])
        return same[0].url

"""What a request for an article may meet."""

from rejoinder.errors import N_, NotFound


class ArticleMoved(NotFound):
    """The article asked for stands at another address of ours now: `url`."""

    def __init__(self, url: str) -> None:
        super().__init__("article-moved", N_("This article has moved."))
        self.url = url


class NoArticle(NotFound):
    """There is nothing that a reader may see."""

    def __init__(self) -> None:
        super().__init__("not-found", N_("There is nothing at this address."))

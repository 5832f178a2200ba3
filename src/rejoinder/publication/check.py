"""Looking a folder over without storing anything: plain data for commands."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rejoinder.articles.models import ArticleDraft, own_url
from rejoinder.publication.article_file import Reading, read_article, warn_of_taken
from rejoinder.publication.faults import Fault, Faults, is_error
from rejoinder.publication.folder import scan_folder
from rejoinder.publication.publication_file import read_publication_file
from rejoinder.sites.models import Rules, Site


@dataclass(frozen=True, slots=True)
class Checked:
    """The articles that a folder would give, and all that is wrong with it."""

    articles: tuple[ArticleDraft, ...]
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every file would be served as it is."""
        return not any(map(is_error, self.faults))


def check_folder(root: Path, base_url: str, *, now: datetime) -> Checked:
    """Read and draw everything as `serve` would. Raises `OSError` when the folder can't be read."""
    scan = scan_folder(root)
    file = read_publication_file(root)
    rules = Rules.model_validate(file.values or {})
    reading = Reading(Site(0, base_url, rules, (), 0), root, now)
    present = {own_url(entry.slug) for entry in scan.entries}
    faults = [*scan.faults, *file.faults]
    articles: list[ArticleDraft] = []
    for entry in scan.entries:
        found = Faults(entry.path.as_posix())
        article = read_article(entry.path, entry.slug, reading, found)
        if article is not None:
            articles.append(article.draft)
            warn_of_taken(article, present, found)
        faults += found.found
    return Checked(tuple(articles), tuple(sorted(faults)))

"""Templates into text. Each feature keeps its templates beside what they show: "comments/_comment.html"."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, Template
from markupsafe import Markup

from rejoinder.db import show_id
from rejoinder.text.languages import LANGUAGES, direction, translations
from rejoinder.text.plain import excerpt

from .cookies import cookie_name
from .fragments import Fragments
from .static import Static
from .times import show_day, show_iso, show_number, show_time

PACKAGE = Path(__file__).parent.parent


def template_folders(root: Path = PACKAGE) -> dict[str, Path]:
    """The templates of every feature: the feature's name and its folder."""
    return {folder.parent.name: folder for folder in sorted(root.glob("*/templates"))}


class Rendering:
    """Draws templates in the languages of the closed set; `fragments` keeps pieces between drawings.

    In a template: `{{ _("…") }}`, `{% trans %}`, `{{ moment|when(zone) }}`, `{{ moment|day(zone) }}`, `{{ moment|iso }}`, `{{ id|id }}`,
    `{{ count|number }}`, `{{ static("page.css") }}`, `{{ dir(language) }}`,
    `{{ cookie_name(base_url, "marker") }}`; `{{ constant("…") }}`, a template that draws the same on every page;
    `language` is always there.
    """

    def __init__(self, static: Static, folders: Mapping[str, Path] | None = None) -> None:
        self.fragments = Fragments()
        self.static = static
        loader = PrefixLoader(
            {name: FileSystemLoader(path) for name, path in (folders or template_folders()).items()}
        )
        self._environments = {language: _environment(loader, language, static) for language in LANGUAGES}
        for language, environment in self._environments.items():
            environment.globals["constant"] = cache(partial(self._draw_constant, language))
        # Jinja's own way to a template that it has takes as long as drawing a short one.
        self._template = cache(self._load)

    def render(self, template: str, language: str, context: Mapping[str, object]) -> str:
        """Draw a whole template; an unknown name in it raises `jinja2.UndefinedError`."""
        environment, found = self._environments[language], self._template(language, template)
        # What `found.render(context)` does, but for its way of joining the names: it takes longer than many a fragment.
        names = found.new_context({**environment.globals, **context}, shared=True)
        try:
            return environment.concat(found.root_render_func(names))
        except Exception:  # noqa: BLE001 - it is raised again, with the template's own lines
            environment.handle_exception()

    def macro(self, template: str, name: str, language: str) -> Callable[..., Markup]:
        """One macro of a template, to draw a piece with."""
        module = self._template(language, template).module
        macro: Callable[..., Markup] = getattr(module, name)
        return macro

    def translate(self, language: str, message: str, params: Mapping[str, object] | None = None) -> str:
        """An English sentence of the catalogue in this language, filled in."""
        text = translations(language).gettext(message)
        return text % params if params else text

    def _load(self, language: str, template: str) -> Template:
        return self._environments[language].get_template(template)

    def _draw_constant(self, language: str, template: str) -> Markup:
        return Markup(self.render(template, language, {}))  # noqa: S704  a template's own output


def _environment(loader: PrefixLoader, language: str, static: Static) -> Environment:
    # One environment a language instead of overlays of one: overlays share their globals, gettext among them.
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue: NullTranslations = translations(language)
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]

    def when(moment: datetime, zone: str) -> str:
        return show_time(moment, zone, language)

    def day(moment: datetime, zone: str) -> str:
        return show_day(moment, zone, language)

    def number(count: int) -> str:
        return show_number(count, language)

    environment.filters |= {
        "when": when,
        "day": day,
        "iso": show_iso,
        "id": show_id,
        "number": number,
        "excerpt": excerpt,
    }
    environment.globals |= {
        "language": language,
        "dir": direction,
        "static": static.address,
        "cookie_name": cookie_name,
    }
    return environment

"""The language an answer is in.

That of a page is part of its address, never of a browser's wishes. Only what a program is refused with, which no cache
keeps, is said in the language it asks for.
"""

from starlette.requests import Request

from rejoinder.text.languages import DEFAULT_LANGUAGE, LANGUAGES

from .weights import read_weights


def language_of(request: Request) -> str:
    """The language an answer to this request is in: what its site or page set, else `?lang=`, else English."""
    language = getattr(request.state, "language", None) or request.query_params.get("lang")
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def wished_language(request: Request) -> str:
    """The language a program would rather read (`Accept-Language`), where we speak it, else `language_of`."""
    weights = read_weights(request.headers.get("accept-language", ""))
    for wished in sorted(weights, key=weights.__getitem__, reverse=True):
        language = wished.partition("-")[0]
        if language in LANGUAGES and weights[wished]:
            return language
    return language_of(request)

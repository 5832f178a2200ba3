"""The discussion as JSON: the same acts, rules and limits as its pages, because they call the same functions."""

from rejoinder.comments.api.routes import router

__all__ = ["router"]

"""Rejoinder: the discussion under the article."""

"""The imports of a site, as a list of them shows each."""

from collections.abc import Mapping
from typing import Any

from rejoinder.db import Tx, show_id
from rejoinder.sites.models import Site
from rejoinder.transfer.queries import undoing
from rejoinder.transfer.queries.undoing import Import


def list_runs(tx: Tx, site: Site) -> list[dict[str, Any]]:
    """Every import, the newest first: when, from which files, what it brought, and whether it was taken back."""
    runs = undoing.list_imports(tx, site.id)
    return [_shown(run) for run in runs if not run.report.get("dry")]


def counts_of(run: Import) -> Mapping[str, Any]:
    """What an import counted: its report, or as far as it has come."""
    return run.report if run.finished_at else run.report["tally"]


def _shown(run: Import) -> dict[str, Any]:
    counts = counts_of(run)
    return {
        "id": show_id(run.id),
        "format": run.format,
        "files": run.files,
        "started": run.started_at.isoformat(timespec="seconds"),
        "state": _state(run),
        **{name: counts[name] for name in ("articles", "comments", "new", "updated", "unchanged")},
    }


def _state(run: Import) -> str:
    if run.undone_at:
        return "undone"
    if run.undo:
        return "being undone"
    return "complete" if run.finished_at else "not complete"

"""An import that stops at a certain point and waits to be killed: DATABASE FILE PHASE COUNT."""

import sys
import time
from pathlib import Path

from rejoinder.db import open_database
from rejoinder.sites.settle import settle_site
from rejoinder.transfer.formats import Format
from rejoinder.transfer.load import import_files

url, file, stop_in, stop_at = sys.argv[1:]


def tell(phase: str, done: int, _total: int | None) -> None:
    if phase == stop_in and done >= int(stop_at):
        print("now", flush=True)
        time.sleep(600)


db = open_database(url)
site = db.write_now(settle_site, "http://127.0.0.1:8080")
import_files(
    db, site, [Path(file)], format_=Format.JSONL if file.endswith("jsonl") else Format.WORDPRESS, tell=tell
)

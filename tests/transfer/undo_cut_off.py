"""An undo that stops at a certain point and waits to be killed: DATABASE RUN COUNT."""

import sys
import time

from rejoinder.db import open_database, read_id
from rejoinder.sites.settle import settle_site
from rejoinder.transfer.undo import undo_import

url, run, stop_at = sys.argv[1:]


def tell(done: int) -> None:
    if done >= int(stop_at):
        print("now", flush=True)
        time.sleep(600)


db = open_database(url)
undo_import(db, db.write_now(settle_site, "http://127.0.0.1:8080"), read_id(run), tell=tell)

"""nginx with static files: the limit. Debian's settings with gzip_static, and the same with its file cache."""

import gzip
import os
import shutil
from pathlib import Path

from bench.children import Child, Missing, free_port
from bench.place import Place

TUNED = """
    open_file_cache max=1000 inactive=60s;
    open_file_cache_valid 30s;
    open_file_cache_min_uses 1;
    keepalive_requests 1000000;
"""
# What Debian's nginx.conf says, but for the log of requests, which nobody in this comparison writes.
CONFIG = """
{user}
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/errors;
daemon off;
events {{ worker_connections 768; }}
http {{
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    gzip on;
    gzip_static on;
    charset utf-8;
    {more}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {files}; }}
}}
"""


class Nginx:
    """A server of the files in a folder."""

    def __init__(self, name: str, folder: Path, files: Path, *, tuned: bool) -> None:
        binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if binary is None:
            raise Missing("nginx is not on this machine: run scripts/setup bench")
        folder.mkdir()
        port = free_port()
        config = folder / "nginx.conf"
        user = "user www-data;" if os.geteuid() == 0 else ""
        more = TUNED if tuned else ""
        config.write_text(CONFIG.format(user=user, folder=folder, files=files, port=port, more=more))
        self._child = Child([binary, "-c", str(config), "-e", str(folder / "errors")], folder / "log")
        self._child.wait_for(port)
        self.place = Place(name, port, self._child.pid)

    def stop(self) -> None:
        """End it."""
        self._child.stop()


def put_file(files: Path, name: str, content: bytes) -> None:
    """A file, and beside it what it is compressed, as gzip_static wants it."""
    (files / name).write_bytes(content)
    (files / f"{name}.gz").write_bytes(gzip.compress(content, 6, mtime=0))

"""A real OpenID provider, npm's `oidc-provider`, in a process of its own; and a person who signs in there."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import httpx

from requirements import absent
from serving import free_port, until

FOLDER = Path(__file__).parent / "provider"
SECRET = "a-secret-of-the-tests-0123456789"


@dataclass
class Provider:
    """A provider on a port of its own; `restart` gives it another key, and with it another algorithm if named."""

    issuer: str
    redirects: list[str] = field(default_factory=list)
    _process: subprocess.Popen[bytes] | None = None

    def settings(self, **more: object) -> dict[str, object]:
        """What an operator sets to have it."""
        return {
            "key": "real",
            "name": "Lighthouse ID",
            "issuer": self.issuer,
            "client_id": "rejoinder",
            "client_secret": SECRET,
            **more,
        }

    def restart(self, algorithm: str = "RS256") -> None:
        """Start it, with a new key and nobody signed in."""
        self.stop()
        said = {
            "issuer": self.issuer,
            "redirects": self.redirects,
            "port": int(self.issuer.rpartition(":")[2]),
            "alg": algorithm,
        }
        node = shutil.which("node") or absent("node", "needs Node.js")
        self._process = subprocess.Popen(
            [node, "serve.mjs", json.dumps(said)],
            cwd=FOLDER,
            env=os.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: _answers(f"{self.issuer}/.well-known/openid-configuration"))

    def stop(self) -> None:
        """End it: nobody answers there any more."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None


@contextmanager
def openid_provider() -> Iterator[Provider]:
    """A provider that is not started yet: it has to be told first where its readers come back to."""
    if not (FOLDER / "node_modules/oidc-provider").is_dir():
        absent("oidc-provider", f"needs oidc-provider: {sys.executable} scripts/assets.py packages")
    provider = Provider(f"http://127.0.0.1:{free_port()}")
    try:
        yield provider
    finally:
        provider.stop()


def walk(address: str, name: str | None) -> str:
    """Sign in at the provider under this name, or decline, as a browser would: where it sends its reader back to."""
    with httpx.Client(follow_redirects=False, timeout=20) as browser:
        answer = browser.get(address)
        while True:
            if answer.is_redirect:
                there = urljoin(str(answer.request.url), answer.headers["location"])
                if "/sign-in/with/" in there:
                    return there
                answer = browser.get(there)
                continue
            (action,) = re.findall(r'<form[^>]* action="([^"]+)"', answer.text)
            where = urljoin(str(answer.request.url), action)
            if name is None:
                answer = browser.get(f"{where}/abort")
            elif 'name="login"' in answer.text:
                answer = browser.post(where, data={"prompt": "login", "login": name, "password": "x"})
            else:
                answer = browser.post(where, data={"prompt": "consent"})


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).is_success
    except httpx.TransportError:
        return False

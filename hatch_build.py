"""The build hook: a wheel, a source archive and an editable install all carry the bundle and the catalogues."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "scripts"))

import assets


class AssetsHook(BuildHookInterface[Any]):
    """What pip runs before it packs or links the package."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node.js from PyPI, where a bundle is to be made and the machine has none."""
        return assets.node_requirement(Path(self.root))

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files that git does not hold."""
        assets.build(Path(self.root))

"""Why settings are not changed."""

from rejoinder.errors import N_, Conflict, Forbidden, Invalid
from rejoinder.sites.faults import Fault


class SettingsWrong(Invalid):
    """Values that can't be used; `faults` says all that is wrong."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("settings-wrong", N_("Some of this can't be used as it is. Nothing was changed."))
        self.faults = faults


class SettingsChanged(Conflict):
    """Somebody else changed them since the page was drawn that this came from."""

    def __init__(self) -> None:
        super().__init__("settings-changed", N_("The settings changed meanwhile."))


class SettingLocked(Forbidden):
    """The publication's file says what the value is."""

    def __init__(self, name: str) -> None:
        super().__init__(
            "setting-locked", N_("publication.toml gives “%(name)s”; change it there."), name=name
        )


class SiteThere(Conflict):
    """There is a site at this address already."""

    def __init__(self, base_url: str) -> None:
        super().__init__("site-there", N_("There is a site at %(url)s already."), url=base_url)

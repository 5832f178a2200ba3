"""A disk whose syncs can be counted, held and broken: SQLite's own file system layer with one method changed."""

import threading

import apsw


class FaultyDisk(apsw.VFS):
    """The default file system of every SQLite connection opened while it is registered."""

    def __init__(self) -> None:
        self.syncs = 0
        self.held = threading.Event()
        self._gate = threading.Event()
        self._gate.set()
        self._broken = False
        super().__init__("faulty", "unix", makedefault=True, maxpathname=0)

    def hold(self) -> None:
        """Let the next sync wait."""
        self._gate.clear()

    def release(self) -> None:
        """Let syncs go on."""
        self._gate.set()

    def break_syncs(self) -> None:
        """Let every sync fail."""
        self._broken = True

    def repair(self) -> None:
        """Let syncs succeed again."""
        self._broken = False

    def sync(self) -> None:
        """What happens at each sync."""
        self.syncs += 1
        if not self._gate.is_set():
            self.held.set()
            self._gate.wait(10)
        if self._broken:
            raise apsw.IOError("the disk is broken")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        return _File(self, name, flags)


class _File(apsw.VFSFile):
    def __init__(self, disk: FaultyDisk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self._disk = disk
        super().__init__("unix", name, flags)

    def xSync(self, flags: int) -> None:
        self._disk.sync()
        super().xSync(flags)

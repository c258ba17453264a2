"""Keeps a folder here and one at an fsspec address, such as s3://bucket/runs, the same.

All code works on local files; only what changed travels, and each file's last writer wins. So
machines that share no disk can share runs, and a host whose disk forgets keeps them.
"""

import contextlib
import hashlib
import logging
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from fmnist_core import paths

TICK_SECONDS = 1.0
SAME_SECONDS = 0.001
_TEMPORARY = ".tmp"
_NOT_SHARED = ".tasks"  # who waits for what, on this machine only

_log = logging.getLogger(__name__)

Stamp = tuple[Any, ...]


class MirrorError(Exception):
    """The place where the runs are cannot be used; the message is one sentence."""


def is_remote(address: str) -> bool:
    """Return whether an address of runs is another place than a folder."""
    return "://" in address and not address.startswith("file://")


def local_copy(address: str) -> Path:
    """Return the folder that mirrors an address on this machine (FMNIST_MIRROR moves it)."""
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    return Path(os.environ.get("FMNIST_MIRROR") or paths.BUILD / "mirror") / name


class Mirror:
    """The files below `folder` and those at `address`. Thread-safe."""

    def __init__(self, address: str, folder: Path) -> None:
        import fsspec

        self.address, self._folder = address.rstrip("/"), folder
        try:
            self._remote, self._root = fsspec.core.url_to_fs(
                self.address, skip_instance_cache=True, use_listings_cache=False
            )
        except (ImportError, ValueError) as error:
            raise MirrorError(f"The runs cannot be at {address}: {error}.") from None
        self._lock = threading.RLock()
        self._known: dict[str, tuple[Stamp, Stamp]] = {}  # what each file was like when in step
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def begin(self) -> None:
        """Fetch all that changed there; raises MirrorError when the place cannot be reached."""
        try:
            self.pull()
        except Exception as error:  # whatever the store's library raises
            raise MirrorError(
                f"The runs at {self.address} cannot be reached ({type(error).__name__}). Check the "
                "address and the keys, then try again."
            ) from error

    def push(self, within: str = "") -> None:
        """Send what changed here, in all or in one folder, and delete there what was deleted."""
        with self._lock:
            if not self._folder.is_dir():
                return  # a disk that forgets is no wish to delete
            here = dict(self._files(within))
            for name, stamp in here.items():
                if name not in self._known or self._known[name][0] != stamp:
                    self._send(name, stamp)
            for name in self._names_known(within) - set(here):
                with contextlib.suppress(FileNotFoundError):
                    self._remote.rm_file(self._there(name))
                del self._known[name]

    def pull(self, within: str = "", names: Iterable[str] | None = None) -> None:
        """Fetch what changed there, in all or in one folder; `names` are the only files meant."""
        with self._lock:
            there = self._listed(within)
            wanted = None if names is None else {f"{within}/{name}".strip("/") for name in names}
            for name, info in there.items():
                if wanted is None or name in wanted:
                    self._fetch(name, info)
            for name in self._names_known(within) - set(there):
                if wanted is None or name in wanted:
                    path = self._folder / name
                    if _stamp(path) == self._known[name][0]:
                        path.unlink(missing_ok=True)
                        del self._known[name]

    def follow(self, active: Callable[[], Iterable[str]]) -> Callable[[], None]:
        """Keep both in step in the background; return what ends that.

        All that changes here is sent; what `active` folders become there is fetched.
        """
        ended = threading.Event()

        def live() -> None:
            while not ended.wait(TICK_SECONDS):
                self._step(active)

        def end() -> None:
            ended.set()
            thread.join(10)
            self._step(lambda: ())

        thread = threading.Thread(target=live, name="mirror", daemon=True)
        thread.start()
        return end

    def _step(self, active: Callable[[], Iterable[str]]) -> None:
        try:
            self.push()
            for folder in active():
                self.pull(folder)
        except Exception as error:
            # Whatever the store's library raises: nothing here is lost, and it is tried again.
            _log.warning("the runs at %s cannot be reached: %s", self.address, error)

    def _files(self, within: str) -> Iterator[tuple[str, Stamp]]:
        for folder, folders, names in os.walk(self._folder / within):
            folders[:] = [one for one in folders if one != _NOT_SHARED]
            for name in names:
                path = Path(folder, name)
                if not name.endswith(_TEMPORARY) and (stamp := _stamp(path)):
                    yield path.relative_to(self._folder).as_posix(), stamp

    def _listed(self, within: str) -> dict[str, dict[str, Any]]:
        found = self._remote.find(self._there(within), detail=True)
        start = len(self._root.rstrip("/")) + 1
        return {path[start:]: info for path, info in found.items() if info["type"] == "file"}

    def _send(self, name: str, stamp: Stamp) -> None:
        try:
            content = (self._folder / name).read_bytes()
        except FileNotFoundError:
            return  # replaced or deleted just now: the next look sees it
        there = self._there(name)
        try:
            self._remote.pipe_file(there, content)
        except FileNotFoundError:  # a place that knows folders
            self._remote.makedirs(there.rsplit("/", 1)[0], exist_ok=True)
            self._remote.pipe_file(there, content)
        self._in_step(name, stamp, self._remote.info(self._there(name)))

    def _fetch(self, name: str, info: dict[str, Any]) -> None:
        path = self._folder / name
        if ".." in name.split("/"):
            return  # no name of ours
        if name in self._known:
            if self._known[name][1] == _version(info):
                return
        elif own := _stamp(path):
            later = own[0] / 1e9 - _seconds(info)
            if abs(later) < SAME_SECONDS and own[1] == info.get("size"):
                self._known[name] = own, _version(info)  # from before this process began
                return
            if later > 0:
                return  # written here since: it is sent, not lost
        try:
            content = self._remote.cat_file(self._there(name))
        except FileNotFoundError:
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_TEMPORARY}")
        temporary.write_bytes(content)
        temporary.replace(path)
        self._in_step(name, _stamp(path), info)

    def _in_step(self, name: str, stamp: Stamp, info: dict[str, Any]) -> None:
        """Note that a file is the same here and there, by its time too: a restart sees it."""
        path, seconds = self._folder / name, _seconds(info)
        if stamp and _stamp(path) == stamp:
            with contextlib.suppress(OSError):
                os.utime(path, (seconds, seconds))
            stamp = _stamp(path)
        self._known[name] = stamp, _version(info)

    def _names_known(self, within: str) -> set[str]:
        return {name for name in self._known if not within or name.startswith(f"{within}/")}

    def _there(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}".rstrip("/")


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _version(info: dict[str, Any]) -> Stamp:
    return info.get("ETag"), str(_seconds(info)), info.get("size")


def _seconds(info: dict[str, Any]) -> float:
    for key in ("LastModified", "mtime", "created"):
        value = info.get(key)
        if value is not None:
            return float(value.timestamp() if hasattr(value, "timestamp") else value)
    return 0.0

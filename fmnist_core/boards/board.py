"""A board's folder beside the runs: who takes part, under which nickname, and what they drew.

Everybody has files of their own, so that nobody can overwrite another's.
"""

import base64
import binascii
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core import files
from fmnist_core.recipes import host
from fmnist_core.runs.about import owner_of
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.status import RunError
from fmnist_core.runs.store import ID, RunStore, new_id
from fmnist_core.shapes import CLASSES, SIDE
from fmnist_core.translation import say

FOLDER = ".boards"
LONGEST_NAME, LONGEST_NICKNAME = 60, 20
MOST_BOARDS = 20  # of one visitor
MOST_MEMBERS, MOST_DRAWINGS, MOST_DRAWINGS_EACH = 60, 400, 20
HOSTED_DAYS = 30  # that a board is kept on the shared host
_ABOUT, _MEMBERS, _DRAWINGS = "board.json", "members", "drawings"


class BoardError(Exception):
    """Something cannot be done with a board; the message is one sentence for the visitor."""


@dataclass(frozen=True)
class Entry:
    """The best run of a member within the budget: `accuracy` on validation, 0 to 1."""

    id: str
    nickname: str
    name: str
    accuracy: float
    seconds: float
    parameters: int


@dataclass(frozen=True)
class Drawing:
    """What a member drew, uint8 (28, 28), and the answer it got: class 0 to 9, its share 0 to 1."""

    id: str
    nickname: str
    image: np.ndarray
    answer: int
    share: float


class Board:
    """One board's folder. Cheap to make; every call reads the disk afresh."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name

    def _about(self) -> dict[str, Any]:
        return files.read_json(self.folder / _ABOUT) or {}

    @property
    def name(self) -> str:
        """What it is called."""
        return files.text(self._about(), "name", LONGEST_NAME)

    @property
    def seconds(self) -> int:
        """The budget: how many seconds a run may train to count; 0 is no bound."""
        return files.whole(self._about(), "seconds")

    @property
    def closed(self) -> bool:
        """Whether nothing is added any more."""
        return self._about().get("closed") is True

    def owned_by(self, visitor: str) -> bool:
        """Return whether this visitor opened the board."""
        owner = files.text(self._about(), "owner", 64)
        return secrets.compare_digest(owner.encode(), owner_of(visitor).encode())

    def close(self, closed: bool = True) -> None:
        """Take no more members, runs and drawings, or take them again."""
        changes: dict[str, Any] = {"closed": closed, "ended": time.time() if closed else None}
        files.write_json(self.folder / _ABOUT, {**self._about(), **changes})

    def hide(self, entry_id: str, hidden: bool = True) -> None:
        """Show an entry or a drawing to nobody any more, or again."""
        present = self._hidden()
        now = present | {entry_id} if hidden else present - {entry_id}
        files.write_json(self.folder / _ABOUT, {**self._about(), "hidden": sorted(now)})

    def _hidden(self) -> set[str]:
        found = self._about().get("hidden")
        return {str(one) for one in found} if isinstance(found, list) else set()

    # Members

    def join(self, visitor: str, nickname: str) -> None:
        """Take part under a nickname, or under another one from now on; raises BoardError."""
        nickname = " ".join(nickname.split())
        if not (0 < len(nickname) <= LONGEST_NICKNAME and nickname.isprintable()):
            raise BoardError(
                say("A nickname has 1 to {most} printable characters.", most=LONGEST_NICKNAME)
            )
        owner = owner_of(visitor)
        members = self._members()
        if owner not in members:
            if self.closed:
                raise BoardError(say("This board is closed; nobody can join any more."))
            if len(members) >= MOST_MEMBERS:
                raise BoardError(
                    say("This board is full: {count} take part already.", count=MOST_MEMBERS)
                )
        if any(one["nickname"] == nickname for key, one in members.items() if key != owner):
            raise BoardError(say("Somebody has this nickname already; choose another."))
        joined = files.number(members.get(owner, {}), "joined") or time.time()
        path = self.folder / _MEMBERS / f"{owner}.json"
        files.write_json(path, {"nickname": nickname, "joined": joined})

    def nickname(self, visitor: str) -> str | None:
        """Return a visitor's nickname, or None for one who does not take part."""
        found = files.read_json(self.folder / _MEMBERS / f"{owner_of(visitor)}.json")
        return None if found is None else files.text(found, "nickname", LONGEST_NICKNAME)

    def _members(self) -> dict[str, dict[str, Any]]:
        found = {path.stem: files.read_json(path) for path in self._files(_MEMBERS)}
        return {
            owner: {**content, "nickname": files.text(content, "nickname", LONGEST_NICKNAME)}
            for owner, content in found.items()
            if content is not None
        }

    def _files(self, room: str) -> list[Path]:
        folder = self.folder / room
        return sorted(folder.glob("*.json")) if folder.is_dir() else []

    # Entries

    def entries(self, runs: RunStore, *, hidden: bool = False) -> list[Entry]:
        """Return every member's best run within the budget since they joined, best first.

        `hidden` ones too where asked for.
        """
        members, budget, away = self._members(), self.seconds, self._hidden()
        ended = files.number(self._about(), "ended") or float("inf")
        best: dict[str, Entry] = {}
        for run in runs.all():
            status = run.status()
            member = members.get(status.owner)
            if (
                member is None
                or not (files.number(member, "joined") or 0) <= status.created < ended
            ):
                continue
            if budget and status.seconds > budget:
                continue
            rows = epoch_rows(run.history()[0])
            accuracy = max((row.val_accuracy or 0.0 for row in rows), default=0.0)
            if not accuracy or (run.id in away and not hidden):
                continue
            try:
                parameters = run.recipe.parameters
            except RunError:
                continue
            found = Entry(
                run.id, member["nickname"], status.name, accuracy, status.seconds, parameters
            )
            if status.owner not in best or accuracy > best[status.owner].accuracy:
                best[status.owner] = found
        return sorted(best.values(), key=lambda one: (-one.accuracy, one.seconds))

    # Drawings

    def add_drawing(self, visitor: str, image: np.ndarray, answer: int, share: float) -> None:
        """Put a member's drawing on the board; raises BoardError for nobody's, or a full board."""
        if self.nickname(visitor) is None:
            raise BoardError(say("Only who takes part can add a drawing: join the board first."))
        if self.closed:
            raise BoardError(say("This board is closed; nothing is added any more."))
        if image.shape != (SIDE, SIDE) or image.dtype != np.uint8:
            raise ValueError(f"Expected uint8 (28, 28), got {image.dtype} {image.shape}.")
        owner = owner_of(visitor)
        present = self._files(_DRAWINGS)
        mine = sum((files.read_json(path) or {}).get("owner") == owner for path in present)
        if len(present) >= MOST_DRAWINGS:
            raise BoardError(
                say("This board is full: it has {count} drawings.", count=MOST_DRAWINGS)
            )
        if mine >= MOST_DRAWINGS_EACH:
            raise BoardError(
                say("You have {count} drawings on this board already.", count=MOST_DRAWINGS_EACH)
            )
        content = {
            "owner": owner,
            "pixels": base64.b64encode(image.tobytes()).decode(),
            "answer": int(answer),
            "share": float(share),
            "time": time.time(),
        }
        files.write_json(self.folder / _DRAWINGS / f"{new_id()}.json", content)

    def drawings(self, *, hidden: bool = False) -> list[Drawing]:
        """Return all drawings, the newest first; `hidden` ones too where asked for."""
        members, away = self._members(), self._hidden()
        found = []
        for path in self._files(_DRAWINGS):
            content = files.read_json(path) or {}
            member = members.get(files.text(content, "owner", 64))
            try:
                pixels = base64.b64decode(files.text(content, "pixels", 2000), validate=True)
                image = np.frombuffer(pixels, np.uint8).reshape(SIDE, SIDE)
            except (ValueError, binascii.Error):
                continue
            answer, share = files.whole(content, "answer"), files.number(content, "share") or 0.0
            shown = hidden or path.stem not in away
            if member is not None and answer < CLASSES and shown:
                drawing = Drawing(path.stem, member["nickname"], image, answer, share)
                found.append((files.number(content, "time") or 0.0, drawing))
        return [one for _, one in sorted(found, key=lambda item: -item[0])]


class BoardStore:
    """All boards of a folder of runs."""

    def __init__(self, runs: RunStore) -> None:
        self.root = runs.root / FOLDER

    def create(self, name: str, visitor: str, seconds: int = 0) -> Board:
        """Return a new board that belongs to `visitor`; raises BoardError."""
        self._clean_up()
        name = " ".join(name.split())
        if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
            raise BoardError(
                say("A board's name has 1 to {most} printable characters.", most=LONGEST_NAME)
            )
        if sum(one.owned_by(visitor) for one in self.all()) >= MOST_BOARDS:
            raise BoardError(say("You have {count} boards already.", count=MOST_BOARDS))
        board = Board(self.root / new_id())
        for room in (_MEMBERS, _DRAWINGS):
            (board.folder / room).mkdir(parents=True, mode=0o700)
        about = {"name": name, "owner": owner_of(visitor), "seconds": seconds}
        files.write_json(board.folder / _ABOUT, {**about, "created": time.time()})
        return board

    def get(self, board_id: str) -> Board:
        """Return the board of that id; raises BoardError."""
        if ID.fullmatch(board_id):
            folder = self.root / board_id
            if (folder / _ABOUT).is_file() and not folder.is_symlink():
                return Board(folder)
        raise BoardError(say("There is no such board; copy the whole link."))

    def all(self) -> list[Board]:
        """Return every board, in no order."""
        if not self.root.is_dir():
            return []
        return [Board(path) for path in self.root.iterdir() if ID.fullmatch(path.name)]

    def _clean_up(self) -> None:
        """On a host that keeps runs for some days only, delete boards of long ago."""
        if host.current().days_kept is None:
            return
        for board in self.all():
            about = files.read_json(board.folder / _ABOUT) or {}
            if files.age(files.number(about, "created") or 0.0) > HOSTED_DAYS * 86_400:
                shutil.rmtree(board.folder, ignore_errors=True)

    def forget(self, visitor: str) -> None:
        """Delete for good a visitor's boards, and what is theirs on others'."""
        owner = owner_of(visitor)
        for board in self.of(visitor):
            if board.owned_by(visitor):
                shutil.rmtree(board.folder, ignore_errors=True)
                continue
            for path in (board.folder / _DRAWINGS).glob("*.json"):
                if (files.read_json(path) or {}).get("owner") == owner:
                    path.unlink(missing_ok=True)
            (board.folder / _MEMBERS / f"{owner}.json").unlink(missing_ok=True)

    def joined(self, visitor: str) -> list[Board]:
        """Return the open boards that a visitor takes part in, by name."""
        member = f"{owner_of(visitor)}.json"
        mine = [one for one in self.all() if (one.folder / _MEMBERS / member).exists()]
        return sorted((one for one in mine if not one.closed), key=lambda one: one.name)

    def of(self, visitor: str) -> list[Board]:
        """Return the boards that a visitor opened or takes part in, by name."""
        mine = [one for one in self.all() if one.owned_by(visitor) or one.nickname(visitor)]
        return sorted(mine, key=lambda one: one.name)

"""One run: what happened to a recipe, as a folder that outlives page, browser and server."""

import contextlib
import math
import secrets
import time
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from fmnist_core import files
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.about import About
from fmnist_core.runs.rows import Row, from_json, to_json
from fmnist_core.runs.status import (
    ACTIVE,
    OVER,
    Command,
    Control,
    Evaluation,
    RunError,
    RunState,
    Status,
    Validation,
)
from fmnist_core.translation import mark, say

# The files in a run's folder; nobody else names them.
RECIPE, ABOUT, STATUS, CONTROL = "recipe.json", "about.json", "status.json", "control.json"
REST = "rest"  # there while the engine asks a working run to make room
HISTORY, VALIDATION, EVALUATION = "history.jsonl", "validation.npz", "evaluation.npz"
CHECKPOINT, BEST = "checkpoint.npz", "best.npz"  # where to go on, and the best epoch's weights
IMPORTED = "imported.safetensors"  # weights that were trained elsewhere
MODEL, LITERT = "model.keras", "model.tflite"  # the finished network, in both forms

_STATES: dict[str, RunState] = {state: state for state in (*ACTIVE, *OVER)}
_ASKED: dict[str, RunState] = {"pause": "pausing", "stop": "stopping"}
_WAITED = mark("It was still waiting for its turn.")
_RESTED = mark(
    "It was making room for others. The weights of the best epoch are kept; resume it to go on, or "
    "to have them measured."
)
_DONE: dict[Command, RunState] = {"pause": "paused", "stop": "stopped"}
_IN_WORDS: dict[str, str] = {
    "paused": mark("paused"),
    "stopped": mark("stopped"),
    "finished": mark("finished"),
    "failed": mark("failed"),
    "interrupted": mark("interrupted"),
}
_NOTHING_TO: dict[Command, str] = {
    "pause": mark("This run is {state}; there is nothing to pause."),
    "stop": mark("This run is {state}; there is nothing to stop."),
}


@lru_cache(maxsize=512)
def _parse(text: bytes) -> Recipe:
    return Recipe.from_json(text)


class Run:
    """One run's folder. Cheap to make; every call reads the disk afresh."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name
        self.about = About(folder / ABOUT)

    def __repr__(self) -> str:
        return f"Run({self.id})"

    @property
    def recipe(self) -> Recipe:
        """The recipe; raises RunError when its file is missing or damaged."""
        try:
            with (self.folder / RECIPE).open("rb") as stream:
                return _parse(stream.read(files.MAX_JSON_BYTES))
        except OSError:
            raise RunError(say("This run's recipe is missing.")) from None
        except (RecipeError, UnicodeDecodeError) as error:
            raise RunError(say("This run's recipe is damaged: {error}", error=error)) from None

    def status(self) -> Status:
        """Return where the run is; a damaged folder reads as failed, with the reason."""
        about = self.about.content()
        content = files.read_json(self.folder / STATUS)
        reason = ""
        state: RunState = "failed"
        if content is None:
            content, reason = {}, mark("This run's status file is missing or damaged.")
        else:
            reason = files.text(content, "reason")
            state = _STATES.get(files.text(content, "status", 20), "failed")
            if state != content.get("status"):
                reason = mark("This run's status file is damaged.")
        try:
            epochs, name = self.recipe.epochs, self.recipe.name
        except RunError as error:
            epochs, name, state, reason = 0, say("Damaged run"), "failed", str(error)
        if state in ("starting", "running"):
            state = _ASKED.get(self.control().command, state)
        return Status(
            id=self.id,
            name=files.text(about, "name", 100) or name,
            status=state,
            reason=reason,
            owner=files.text(about, "owner", 64),
            created=files.number(about, "created") or 0.0,
            epochs=epochs,
            started=files.number(content, "started"),
            finished=files.number(content, "finished"),
            epoch=files.whole(content, "epoch"),
            batch=files.whole(content, "batch"),
            batches=files.whole(content, "batches"),
            best_epoch=files.whole(content, "best_epoch"),
            images_per_second=files.number(content, "images_per_second"),
            seconds_left=files.number(content, "seconds_left"),
            seconds=files.number(content, "seconds") or 0.0,
            updated=files.number(content, "updated"),
        )

    def history(self, offset: int = 0) -> tuple[list[Row], int]:
        """Return the rows written after byte `offset` and the offset to ask for next time.

        Lines that are no rows are skipped; give all rows to `valid_rows` before drawing them.
        """
        lines, end = files.read_lines(self.folder / HISTORY, offset)
        return [row for line in lines if (row := from_json(line)) is not None], end

    def validation(self) -> Validation | None:
        """Return the latest validation, or None before the end of the first epoch."""
        arrays = files.read_arrays(self.folder / VALIDATION)
        try:
            assert arrays is not None
            found = Validation(
                int(arrays["epoch"]),
                arrays["confusion"],
                arrays["sample_indices"],
                arrays["sample_probabilities"],
            )
        except (AssertionError, KeyError, TypeError, ValueError, OverflowError):
            return None
        shape = found.sample_probabilities.shape
        valid = found.confusion.shape == (10, 10) and found.confusion.dtype.kind == "i"
        fits = shape[1:] == (10,) and found.sample_indices.shape == shape[:1]
        return found if valid and fits else None

    def evaluation(self) -> Evaluation | None:
        """Return the final probabilities, or None while there are none."""
        arrays = files.read_arrays(self.folder / EVALUATION) or {}
        found = [arrays.get(item.name) for item in fields(Evaluation)]
        if any(a is None or a.ndim != 2 or a.shape[1] != 10 or a.dtype.kind != "f" for a in found):
            return None
        return Evaluation(*found)  # type: ignore[arg-type]

    # What a page may ask for

    def request(self, command: Command, reason: str = "") -> None:
        """Ask a run to pause or stop at its next batch; one that only waits does so at once.

        `reason` is what its owner will read. Raises RunError when the run is neither waiting nor
        working.
        """
        status = self.status()
        if not status.active:
            raise RunError(say(_NOTHING_TO[command], state=say(_IN_WORDS[status.status])))
        self._control(command=command, reason=reason)
        if status.status == "queued":
            begun = status.epoch or status.batch
            usual = _WAITED if not begun else _RESTED if command == "stop" else ""
            self.set_status(_DONE[command], reason=reason or usual)

    def set_learning_rate(self, learning_rate: float) -> None:
        """Ask for another learning rate from the next batch on.

        A schedule goes on from there in proportion. Raises RunError when it is no sensible number.
        """
        if not (math.isfinite(learning_rate) and 1e-7 <= learning_rate <= 10):
            raise RunError(
                say(
                    "The learning rate is {rate:g}; choose one from 0.0000001 to 10.",
                    rate=learning_rate,
                )
            )
        self._control(learning_rate=float(learning_rate), asked=secrets.token_hex(4))

    def measure_layers(self, wanted: bool) -> None:
        """Ask for each layer's weights and gradients after every epoch, or no longer."""
        self._control(layers=wanted)

    def extend(self, epochs: int) -> None:
        """Plan more epochs, `epochs` in total; submit the run again to train them.

        Raises RunError while it works or when it has already done as many.
        """
        status = self.status()
        if status.active:
            raise RunError(say("This run is still going; continue it when it is done."))
        if epochs <= status.epoch:
            raise RunError(
                say("This run has done {done} epochs; choose more than that.", done=status.epoch)
            )
        try:
            longer = self.recipe.changed(epochs=epochs)
        except RecipeError as error:
            raise RunError(str(error)) from None
        with files.replacing(self.folder / RECIPE) as stream:
            stream.write(longer.to_json().encode())

    # What training and the engine write

    def control(self) -> Control:
        """Return what a page has asked for."""
        content = files.read_json(self.folder / CONTROL) or {}
        return Control(
            files.text(content, "command", 10),
            files.number(content, "learning_rate"),
            files.text(content, "asked", 30),
            files.text(content, "reason"),
            content.get("layers") is True,
        )

    def clear_control(self) -> None:
        """Forget a pause or stop before the run is submitted again; a learning rate stays."""
        if self.control().command:
            self._control(command="", reason="")

    def ask_to_rest(self) -> None:
        """Ask a working run to make room at its next batch, going on later by itself."""
        # Not in the control file: a page may be writing that.
        with contextlib.suppress(OSError):  # the run has just been deleted
            (self.folder / REST).touch()

    def clear_rest(self) -> None:
        """Forget that the run was asked to rest."""
        (self.folder / REST).unlink(missing_ok=True)

    def _control(self, **changes: Any) -> None:  # noqa: ANN401 - JSON values
        path = self.folder / CONTROL
        files.write_json(path, {**(files.read_json(path) or {}), **changes})

    def set_status(self, status: RunState, reason: str = "", **progress: Any) -> None:  # noqa: ANN401
        """Write a new status; fields that are not given stay as they were.

        `progress` holds fields of Status, and `holder`, the process that works on the run.
        """
        path = self.folder / STATUS
        now = {"status": status, "reason": reason, "updated": time.time(), **progress}
        if status in OVER and "finished" not in progress:
            now["finished"] = now["updated"]
        files.write_json(path, {**(files.read_json(path) or {}), **now})

    def append(self, row: Row) -> None:
        """Append a row to the history."""
        files.append_line(self.folder / HISTORY, to_json(row))

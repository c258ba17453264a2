"""The training loop: epochs, what is asked of them meanwhile, and the best one at the end."""

import math
import time
from typing import Any

from fmnist_core.data.fashion_mnist import Images
from fmnist_core.models import convert
from fmnist_core.runs.rows import BatchRow, EpochRow, ResumeRow
from fmnist_core.runs.run import BEST, CHECKPOINT, IMPORTED, Run
from fmnist_core.runs.status import RunState
from fmnist_core.training import checkpoint
from fmnist_core.training.batches import LONGEST_CHUNK, Feed
from fmnist_core.training.checkpoint import CheckpointError, Position
from fmnist_core.training.judging import Judge
from fmnist_core.training.network import Network
from fmnist_core.training.progress import (
    EARLY,
    INFINITE,
    ROW_SECONDS,
    UNUSABLE,
    Mailbox,
    Speed,
    Tally,
    TrainingError,
)
from fmnist_core.training.recording import Recorder
from fmnist_core.training.weights import load_safetensors
from fmnist_core.translation import mark

CALL_SECONDS = 0.05  # a wish of the page is noticed after about this long
CHECKPOINT_SECONDS = 60.0
CHECKPOINT_SHARE = 0.005  # of the time, at most, goes into the checkpoints of short epochs


class Training:
    """One stretch of training, from where the checkpoint left off to an end or a pause."""

    def __init__(self, run: Run, train: Images, test: Images | None, blind: bool = False) -> None:
        self.run, self.recipe = run, run.recipe
        self.feed = Feed(self.recipe, train)
        self.judge = Judge(run, train, test, blind)
        self.network = Network(self.recipe, self.recipe.epochs * self.feed.batches)
        self.at = Position()
        self.window, self.speed, self.mailbox = Tally(), Speed(), Mailbox(run)
        self.reason = ""  # why a page asked to pause
        self.layers_wanted = run.control().layers
        self.clock = self.next_row = self.saved = time.monotonic()
        self.saving_seconds = self.judging_seconds = 0.0
        self._restore()
        self.recorder = Recorder(
            run.folder,
            self.network,
            self.judge.validation,
            self.judge.first_validation,
            self.feed.batches,
        )
        self.recorder.begin(self.at.epoch, self.at.batch)

    def run_to_end(self) -> None:
        """Train until the planned epochs are done, or the page or early stopping ends it."""
        ending = self._obey()
        while not ending and self.at.epoch < self.recipe.epochs:
            ending = self._epoch()
        if ending in ("pause", "rest"):
            self._checkpoint()
            if ending == "pause":
                self._tell("paused", self.reason, seconds_left=None, images_per_second=None)
            else:
                self._tell("queued", seconds_left=self._seconds_left(), images_per_second=None)
        else:
            self._finish(ending or "")

    # One epoch

    def _epoch(self) -> str:
        """Train the rest of an epoch and judge it; return "" or why training ends with it."""
        at = self.at
        if at.batch == 0:
            at.loss, at.right, at.count, at.epoch_seconds = 0.0, 0, 0, 0.0
        self._tick()
        for chunk in self.feed.epoch(at.epoch, at.batch):
            loss, right = self.network.train(chunk, at.loss)
            if not math.isfinite(loss):
                raise TrainingError(INFINITE.format(epoch=at.epoch + 1, batch=at.batch + 1))
            count = len(chunk.labels)
            self.window.add(loss - at.loss, right, count)
            at.batch, at.loss = at.batch + chunk.batches, loss
            at.right, at.count = at.right + right, at.count + count
            seconds = self._tick()
            if self.speed.add(count, seconds):
                wanted = round(CALL_SECONDS * chunk.batches / seconds)
                self.feed.chunk = max(1, min(wanted, LONGEST_CHUNK))
            if self.clock >= self.next_row:
                self._row()
            if self.recorder.due(at.epoch, at.batch):
                self._keep_early()
            if self.clock - self.saved >= max(CHECKPOINT_SECONDS, 100 * self.saving_seconds):
                self._checkpoint()
            if ending := self._obey():
                return ending
        return self._end_epoch()

    def _keep_early(self) -> None:
        self.network.swap_average()
        self.recorder.keep_early(self.at.batch)
        self.network.swap_average()
        self._tick()  # no part of the next chunk's speed

    def _tick(self) -> float:
        """Count the time since the last tick into the position; return it."""
        now = time.monotonic()
        seconds, self.clock = now - self.clock, now
        self.at.seconds += seconds
        self.at.epoch_seconds += seconds
        return seconds

    def _obey(self) -> str:
        """Do what is asked; return "pause", "stop" or "rest" if that is wanted, "" to go on."""
        control = self.mailbox.poll()
        # A run that rests has trained a little at least, or nobody would get anywhere.
        wanted = "rest" if self.mailbox.rest and self.window.count else ""
        if control is None:
            return wanted
        if control.learning_rate and control.asked != self.at.asked:
            self.network.learning_rate = control.learning_rate
            self.at.asked = control.asked
        self.reason, self.layers_wanted = control.reason, control.layers
        return control.command or wanted

    def _row(self) -> None:
        """Append what the images since the last row were like, and refresh the status."""
        at, window = self.at, self.window
        self.next_row = self.clock + ROW_SECONDS
        self.speed.update()
        row = BatchRow(
            epoch=at.epoch + 1,
            batch=at.batch,
            batches=self.feed.batches,
            loss=window.mean_loss,
            accuracy=window.accuracy,
            learning_rate=self.network.learning_rate,
            images_per_second=self.speed.value,
            time=time.time(),
        )
        self.run.append(row)
        self.window = Tally()
        self._tell("running", seconds_left=self._seconds_left())

    def _seconds_left(self) -> float | None:
        if not self.speed.value:
            return None
        epochs = self.recipe.epochs - self.at.epoch
        images = max(0, epochs * len(self.feed.labels) - self.at.batch * self.recipe.batch_size)
        return images / self.speed.value + epochs * self.judging_seconds

    def _tell(self, status: RunState, reason: str = "", **more: float | None) -> None:
        progress: dict[str, Any] = {
            "epoch": self.at.epoch,
            "batch": self.at.batch,
            "batches": self.feed.batches,
            "best_epoch": self.at.best_epoch,
            "images_per_second": self.speed.value,
            "seconds": self.at.seconds,
        }
        self.run.set_status(status, reason, **{**progress, **more})

    # Its end

    def _end_epoch(self) -> str:
        at = self.at
        if self.window.count:
            self._row()
        learning_rate = self.network.learning_rate
        self.network.swap_average()
        loss, accuracy = self._validate()
        self.judging_seconds = self._tick()
        item_accuracy, items = self.judge.items(self.network)
        self.network.swap_average()
        mean_loss = at.loss / max(1, at.count)
        row = EpochRow(
            epoch=at.epoch + 1,
            loss=mean_loss,
            accuracy=at.right / max(1, at.count),
            val_loss=loss,
            val_accuracy=accuracy,
            item_accuracy=item_accuracy,
            items=items,
            learning_rate=learning_rate,
            seconds=at.epoch_seconds,
            time=time.time(),
        )
        self.run.append(row)
        at.epoch, at.batch = at.epoch + 1, 0
        if self.layers_wanted:
            self.judge.layers(self.network, at.epoch)
            self._tick()  # no part of the next chunk's speed
        ending = self._watch(mean_loss if loss is None else loss)
        if self.clock - self.saved >= self.saving_seconds / CHECKPOINT_SHARE:
            self._checkpoint()
        self._tell("running", seconds_left=self._seconds_left())
        return ending

    def _validate(self) -> tuple[float | None, float | None]:
        """Return loss and accuracy on the validation images, and keep the weights if best."""
        at = self.at
        probabilities, loss, accuracy = self.judge.validate(self.network, at.epoch + 1)
        if accuracy is None or accuracy > at.best_accuracy:
            at.best_epoch, at.best_accuracy = at.epoch + 1, -1.0 if accuracy is None else accuracy
            checkpoint.save_best(self.run.folder / BEST, self.network, at)
        self.recorder.keep(at.epoch + 1, probabilities, at.best_epoch)
        return loss, accuracy

    def _watch(self, loss: float) -> str:
        """Lower the learning rate on a plateau; return "early" when it is time to stop."""
        falls = self.at.plateau.update(loss)
        if falls and self.recipe.schedule == "reduce_on_plateau":
            self.network.learning_rate *= self.at.plateau.factor
        stops = self.at.early_stopping.update(loss, self.recipe.early_stopping)
        return "early" if stops else ""

    # Files

    def _checkpoint(self) -> None:
        started = time.monotonic()
        checkpoint.save(self.run.folder / CHECKPOINT, self.network, self.at)
        self.saved = time.monotonic()
        self.saving_seconds = self.saved - started

    def _restore(self) -> None:
        """Go back to the checkpoint, if there is one."""
        path = self.run.folder / CHECKPOINT
        started_before = bool(self.run.history()[0])
        if path.exists():
            try:
                self.at = checkpoint.load(path, self.network)
                # The best weights may be newer than the checkpoint if the worker was killed.
                self.at.best_epoch, self.at.best_accuracy = checkpoint.best(self.run.folder / BEST)
            except CheckpointError as error:
                raise TrainingError(UNUSABLE.format(error=error)) from None
            if self.at.early_stopping.wait >= self.recipe.early_stopping:
                self.at.early_stopping.wait = 0  # somebody wants more after an early stop
        elif (self.run.folder / IMPORTED).exists():
            self._adopt()
        if started_before:
            self.run.append(ResumeRow(epoch=self.at.epoch + 1, batch=self.at.batch))

    def _adopt(self) -> None:
        """Take over weights that were trained elsewhere: all epochs count as done."""
        at = self.at
        load_safetensors(self.run.folder / IMPORTED, self.network.model)
        at.epoch = at.best_epoch = self.recipe.epochs
        found = self.judge.validation
        if len(found):
            probabilities, _ = self.network.judge(found.images, found.labels)
            at.best_accuracy = float((probabilities.argmax(1) == found.labels).mean())
        checkpoint.save_best(self.run.folder / BEST, self.network, at)

    def _finish(self, ending: str) -> None:
        """Keep the best epoch as the run's model, and look at the test images."""
        at, folder = self.at, self.run.folder
        self._checkpoint()
        if at.best_epoch:
            checkpoint.load_best(folder / BEST, self.network)
        elif at.batch:
            self.network.swap_average()
        else:
            self._tell("stopped", mark("It was stopped before its first batch."))
            return
        self.network.end_training()
        self._tell(
            "running", mark("Measuring the best epoch on the test images."), seconds_left=None
        )
        final = convert.save_model(self.network.model, self.recipe, folder)
        self.judge.evaluate(final)
        reason = ""
        if ending == "early":
            reason = EARLY.format(epochs=self.recipe.early_stopping)
        self._tell("stopped" if ending == "stop" else "finished", reason, seconds_left=None)

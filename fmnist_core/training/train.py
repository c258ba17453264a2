"""Recipe + images -> run: plain and blocking; knows no page and no engine."""

import ctypes
import errno
import gc
import logging
import sys
import threading
import time

from fmnist_core.data.fashion_mnist import DatasetError, Images, load
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import RunError
from fmnist_core.runs.store import this_process
from fmnist_core.training.progress import UNEXPECTED, UNWRITTEN, TrainingError
from fmnist_core.translation import mark

_NO_MEMORY = mark(
    "Training needs more memory than is free here; use a smaller batch, fewer units or filters."
)
_NO_SPACE = mark("The disk is full; delete runs that are no longer needed.")

_log = logging.getLogger(__name__)
# Keras's session belongs to the whole process.
_one_at_a_time = threading.Lock()


def train(
    run: Run, train: Images | None = None, test: Images | None = None, *, blind: bool = False
) -> None:
    """Train `run` from its checkpoint, or from the start, until it is done or asked to end.

    Blocks; all that happens, failures too, is in the run's folder. The images are Fashion-MNIST's
    unless given. `test` is looked at only once, after the last epoch, and never when `blind`.
    """
    run.set_status(
        "starting",
        started=run.status().started or time.time(),
        finished=None,
        holder=this_process(),
    )
    try:
        with _one_at_a_time:
            _train(run, train or load("train"), test, blind)
    except (TrainingError, RunError, RecipeError, DatasetError) as error:
        _fail(run, str(error))
    except MemoryError:
        _fail(run, _NO_MEMORY)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        _fail(run, _NO_SPACE if full else UNWRITTEN.format(error=error.strerror))
    except Exception as error:
        _log.exception("run %s failed", run.id)
        # TensorFlow's own exception for what NumPy calls a MemoryError.
        no_memory = type(error).__name__ == "ResourceExhaustedError"
        unexpected = UNEXPECTED.format(error=type(error).__name__)
        _fail(run, _NO_MEMORY if no_memory else unexpected)
    except BaseException:
        run.set_status("interrupted", mark("Training was interrupted. Press Resume to go on."))
        raise


def _train(run: Run, train: Images, test: Images | None, blind: bool) -> None:
    from fmnist_core.training.loop import Training

    try:
        Training(run, train, test, blind).run_to_end()
    finally:
        release_memory()


def _fail(run: Run, reason: str) -> None:
    if run.folder.is_dir():  # else somebody deleted it while it was going
        try:
            run.set_status("failed", reason, images_per_second=None, seconds_left=None)
        except OSError:  # a full disk: the engine writes it down when that is possible
            raise TrainingError(reason) from None


def release_memory() -> None:
    """Give back what a network that is no longer referenced has left behind."""
    import keras

    keras.utils.clear_session()
    gc.collect()
    if sys.platform == "linux":
        # The allocator keeps freed memory for later; a worker that waits should be small.
        ctypes.CDLL(None).malloc_trim(0)


def warm_up() -> None:
    """Do once what the first run would wait for: import TensorFlow, read the data, trace."""
    from fmnist_core.training.batches import Feed
    from fmnist_core.training.network import Network

    layers = (Flatten(), Dense(units=2), Dense(units=10, activation="softmax"))
    recipe = Recipe(layers=layers, train_examples=64, validation_examples=0)
    with _one_at_a_time:
        feed = Feed(recipe, load("train"))
        network = Network(recipe, total_steps=2)
        for chunk in feed.epoch(0):
            network.train(chunk)
        network.judge(chunk.images, chunk.labels)
        del network
        load("test")
        release_memory()

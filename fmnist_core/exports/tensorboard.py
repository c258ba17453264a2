"""A run's curves as an event file for TensorBoard, with the times at which they were measured."""

import tempfile
from pathlib import Path

from fmnist_core.runs.rows import EpochRow, valid_rows
from fmnist_core.runs.run import Run

FILE = "events.out.tfevents.fashion-mnist-lab"
_VERSION = "brain.Event:2"
# Of an epoch's row, and of a row inside an epoch: what TensorBoard calls it.
_EPOCH = {
    "loss": "epoch/loss",
    "accuracy": "epoch/accuracy",
    "val_loss": "validation/loss",
    "val_accuracy": "validation/accuracy",
    "item_accuracy": "drawings_and_photos/accuracy",
    "learning_rate": "epoch/learning_rate",
}
_BATCH = {
    "loss": "batch/loss",
    "accuracy": "batch/accuracy",
    "images_per_second": "batch/images_per_second",
}


def event_file(run: Run) -> bytes:
    """Return the event file: steps are epochs, and for rows inside epochs batches."""
    import tensorflow as tf

    v1 = tf.compat.v1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        with tf.io.TFRecordWriter(str(path)) as writer:
            writer.write(v1.Event(file_version=_VERSION).SerializeToString())
            for row in valid_rows(run.history()[0]):
                if isinstance(row, EpochRow):
                    step, tags = row.epoch, _EPOCH
                else:
                    step, tags = (row.epoch - 1) * row.batches + row.batch, _BATCH
                values = [
                    v1.Summary.Value(tag=tag, simple_value=value)
                    for key, tag in tags.items()
                    if (value := getattr(row, key)) is not None
                ]
                event = v1.Event(
                    wall_time=row.time or 0.0, step=step, summary=v1.Summary(value=values)
                )
                writer.write(event.SerializeToString())
        return path.read_bytes()

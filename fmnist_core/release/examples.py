"""Prepares the examples in `assets/field/` anew: `python -m fmnist_core.release.examples`.

Run it after a change to how pictures are prepared. The drawings, as strokes in examples.json, and
the photos are the source; nothing makes them again.
"""

import sys
from collections.abc import Iterable

import numpy as np

from fmnist_core import files
from fmnist_core.data import examples
from fmnist_core.data.examples import Example, Prepared
from fmnist_core.preprocessing.prepare import prepare


def in_readings(found: Iterable[Example]) -> Prepared:
    """Return every example with a class and without a difficulty as networks get it."""
    readings: list[np.ndarray] = []
    owners: list[int] = []
    labels: list[int] = []
    for example in found:
        if example.label is None or example.hard:
            continue
        for reading in prepare(example.picture()).readings:
            readings.append(reading.array)
            owners.append(len(labels))
        labels.append(example.label)
    return Prepared(np.stack(readings), np.array(owners), np.array(labels))


def main() -> int:
    """Write the prepared arrays."""
    found = in_readings(examples.examples().values())
    files.write_arrays(examples.FOLDER / examples.PREPARED, found._asdict().items())
    sys.stdout.write(f"{len(found.labels)} examples prepared in {examples.FOLDER}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

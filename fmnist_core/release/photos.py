"""The photos that Field and the segmentation network learn from, and who took them.

They are part of Alexey Grigorev's clothing data set (CC0 1.0), collected from volunteers in 2020:
https://github.com/alexeygrigorev/clothing-dataset. Only their names and classes are kept here, in
`photos.csv`: what a public label stands for among the ten classes, shoes sorted by eye.
"""

import csv
from pathlib import Path
from typing import NamedTuple

_PUBLISHED = (
    "the clothing data set of Alexey Grigorev (CC0 1.0), published at "
    "https://github.com/alexeygrigorev/clothing-dataset. Clone it and give its folder: --photos DIR"
)
MANIFEST = Path(__file__).with_name("photos.csv")


class PhotosError(Exception):
    """The photos are not there; the message says where they were looked for and published."""


class Photo(NamedTuple):
    """One photo, its class index (-1 for garments of none) and the number of who took it."""

    path: Path
    label: int
    person: int


def read(folder: Path | None) -> list[Photo]:
    """Return the photos of the manifest that lie in `folder`, in the manifest's order.

    The folder is the public data set as it is published (`images/NAME.jpg`), or any other that
    holds files of these names. Raises PhotosError without a folder, and when more than one in ten
    is missing.
    """
    if folder is None:
        raise PhotosError(f"Real photos are needed: {_PUBLISHED}")
    there = {path.stem: path for path in sorted(folder.rglob("*.jpg"))}
    # Some copies cut the long names off.
    there |= {name[:13]: path for name, path in there.items()}
    with MANIFEST.open(newline="", encoding="ascii") as stream:
        rows = list(csv.DictReader(stream))
    found = [
        Photo(there[row["name"]], int(row["class"]), int(row["person"]))
        for row in rows
        if row["name"] in there
    ]
    if len(found) < 0.9 * len(rows):
        raise PhotosError(
            f"{folder} has {len(found):,} of the {len(rows):,} photos named in {MANIFEST.name}: "
            f"expected {_PUBLISHED}"
        )
    return found

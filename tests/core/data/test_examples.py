"""The bundled drawings and photos: complete, balanced, prepared as the Classify page would."""

import numpy as np
import pytest

from fmnist_core.data import examples
from fmnist_core.data.examples import Drawing
from fmnist_core.models import out_of_distribution
from fmnist_core.preprocessing import prepare
from fmnist_core.release.examples import in_readings


def test_every_class_has_four_drawings_and_three_photos() -> None:
    found = [example for example in examples.examples().values() if not example.hard]
    counts = {
        kind: np.bincount([e.label for e in found if e.kind == kind and e.label is not None])
        for kind in ("drawing", "photo")
    }
    assert counts["drawing"].tolist() == [4] * 10
    assert counts["photo"].tolist() == [3] * 10


def test_every_example_has_a_picture() -> None:
    for example in examples.examples().values():
        assert min(example.picture().size) >= 280, example.name
        assert example.picture().mode == "RGB"


def test_hard_ones_and_what_is_no_item_are_not_prepared() -> None:
    known = examples.examples()
    chosen = ("scribble", "trouser-drawing-1", "two-shoes", "bag-drawing-2")
    found = in_readings(known[name] for name in chosen)
    assert found.labels.tolist() == [1, 8]
    assert set(found.owners.tolist()) == {0, 1}
    assert len(found.owners) == len(found.readings)


@pytest.mark.parametrize("name", ["bag-drawing-1", "sneaker-drawing-2", "coat-photo-1"])
def test_what_is_prepared_is_what_the_page_would_prepare(name: str) -> None:
    """After a change to the preparation: run python -m fmnist_core.release.examples."""
    known = [e.name for e in examples.examples().values() if e.label is not None and not e.hard]
    stored = examples.prepared()
    assert stored is not None
    owned = stored.readings[stored.owners == known.index(name)]
    fresh = prepare.prepare(examples.examples()[name].picture()).readings
    assert len(owned) == len(fresh)
    for kept, reading in zip(owned, fresh, strict=True):
        # Other processors round a few pixels otherwise.
        assert np.abs(kept.astype(int) - reading.array).mean() < 3


def test_a_drawing_is_filled_and_outlined_in_its_colours() -> None:
    square = [[[200, 200], [800, 200], [800, 800], [200, 800], [200, 200]]]
    sheet = examples.draw(Drawing(square, 4, [1, 2, 3], [250, 251, 252], 1, [90, 80, 70]))
    assert sheet[140, 140].tolist() == [90, 80, 70]
    assert sheet[56, 140].tolist() == [1, 2, 3]
    assert sheet[10, 10].tolist() == [250, 251, 252]


def test_the_scribble_is_out_of_distribution() -> None:
    item = prepare.prepare(examples.examples()["scribble"].picture())
    assert out_of_distribution.judge(item).out_of_distribution

import numpy as np
import pytest

from fmnist_core.data.fashion_mnist import load
from fmnist_core.data.neighbours import NeighbourIndex, _summary


def brute_force(images: np.ndarray, image: np.ndarray, count: int) -> list[int]:
    differences = images.astype(np.int64) - image
    distances = (differences**2).sum(axis=(1, 2))
    return np.lexsort((np.arange(len(images)), distances))[:count].tolist()


@pytest.fixture(scope="module")
def train() -> np.ndarray:
    return load("train").images[:3000]


@pytest.fixture(scope="module")
def index(train: np.ndarray) -> NeighbourIndex:
    return NeighbourIndex(train)


def test_the_answer_is_that_of_comparing_everything(
    train: np.ndarray, index: NeighbourIndex
) -> None:
    for image in load("test").images[:40]:
        found, distances = index.nearest(image, 8)
        assert found.tolist() == brute_force(train, image, 8)
        first = np.sqrt(((train[found[0]] - image.astype(float)) ** 2).mean())
        assert distances[0] == pytest.approx(first)
        assert (np.diff(distances) >= 0).all()


@pytest.mark.parametrize("kind", ["noise", "black", "white"])
def test_images_unlike_any_in_the_data_are_answered_exactly_too(
    kind: str, train: np.ndarray, index: NeighbourIndex
) -> None:
    image = {
        "noise": np.random.default_rng(1).integers(0, 256, (28, 28), np.uint8),
        "black": np.zeros((28, 28), np.uint8),
        "white": np.full((28, 28), 255, np.uint8),
    }[kind]
    assert index.nearest(image, 5)[0].tolist() == brute_force(train, image, 5)


def test_an_image_is_its_own_nearest_neighbour_unless_left_out(
    train: np.ndarray, index: NeighbourIndex
) -> None:
    found, distances = index.nearest(train[7], 3)
    assert (found[0], distances[0]) == (7, 0)
    others, _ = index.nearest(train[7], 3, leave_out=7)
    assert others.tolist() == brute_force(train, train[7], 4)[1:]


def test_of_equally_near_images_the_lower_index_comes_first() -> None:
    images = np.zeros((300, 28, 28), np.uint8)
    images[250:, 0, 0] = 10
    found, distances = NeighbourIndex(images).nearest(images[299], 52)
    assert found.tolist() == [*range(250, 300), 0, 1]
    assert distances[-1] == pytest.approx(10 / 28)


def test_fewer_images_than_asked_for_give_all_there_are() -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    index = NeighbourIndex(images)
    assert index.nearest(images[0], 8)[0].tolist() == [0, 1]
    assert index.nearest(images[0], 8, leave_out=0)[0].tolist() == [1]
    assert NeighbourIndex(images[:1]).nearest(images[0], 8, leave_out=0)[0].tolist() == []


def test_a_summary_is_never_farther_away_than_the_pixels_and_nearly_as_far(
    train: np.ndarray,
) -> None:
    pixels = np.linalg.norm((train[1:200].astype(float) - train[0]).reshape(199, -1), axis=1)
    summaries = _summary(train[:200])
    assert summaries.shape == (200, 98)
    apart = np.linalg.norm(summaries[1:] - summaries[0], axis=1)
    assert (apart <= pixels + 0.01).all()
    assert (apart / pixels).mean() > 0.7
    tile = np.zeros((1, 28, 28), np.uint8)
    tile[0, :4, 4:8] = 100  # the second tile, all of one grey
    tile[0, 0, 0] = 160  # in the first: a mean of 10, and 160² - 16 · 10² remain
    found = _summary(tile)[0]
    assert found[:3].tolist() == [40, 400, 0]
    assert found[49:52] == pytest.approx([np.sqrt(160**2 - 16 * 10**2), 0, 0])


def test_few_images_need_their_pixels_compared(
    index: NeighbourIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    exact = index._exact

    def counted(indices: np.ndarray, image: np.ndarray) -> np.ndarray:
        compared.append(len(indices))
        return exact(indices, image)

    monkeypatch.setattr(index, "_exact", counted)
    for image in load("test").images[:40]:
        index.nearest(image, 8)
    assert compared[::2] == [160] * 40
    assert np.mean(compared[1::2]) < 200  # of 3,000

"""How many answers on real photos survive changes that no one can see: `DIR [--every N]`.

DIR is a folder as `python -m fmnist_core real-pictures` takes it; each photo is opened and prepared
just as a visitor's upload is, once as it is and once for each spoilt copy of its file.
"""

import argparse
import io
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from fmnist_core.evaluation import real_pictures
from fmnist_core.models.catalogue import find
from fmnist_core.models.voting import Answers, classify
from fmnist_core.preprocessing.open_picture import flatten, open_picture
from fmnist_core.preprocessing.prepare import prepare

Copy = Callable[[Image.Image], bytes]  # an RGB picture -> the content of an image file


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=70)
    return stream.getvalue()


def _smaller(picture: Image.Image) -> bytes:
    size = round(0.8 * picture.width), round(0.8 * picture.height)
    return _png(picture.resize(size, Image.Resampling.BICUBIC))


def _lit(factor: float) -> Copy:
    return lambda picture: _png(picture.point(lambda value: min(255, round(factor * value))))


def _cropped(picture: Image.Image) -> bytes:
    return _png(picture.crop((4, 4, picture.width - 4, picture.height - 4)))


def _deep(picture: Image.Image) -> bytes:
    """Return a PNG of 16 bits a channel, which Pillow reads but cannot write."""
    bgr = np.asarray(picture)[..., ::-1].astype(np.uint16) * 257
    return cv2.imencode(".png", bgr)[1].tobytes()


COPIES: dict[str, Copy] = {
    "JPEG, quality 70": _jpeg,
    "size × 0.8": _smaller,
    "brightness +10 %": _lit(1.1),
    "brightness −10 %": _lit(0.9),
    "4 pixels cropped": _cropped,
    "16-bit PNG": _deep,
    "palette of 256": lambda picture: _png(picture.quantize(256)),
    "greyscale": lambda picture: _png(picture.convert("L")),
}


def answer(content: bytes, classifier: Answers) -> int:
    """Return the class index, 0 to 9, that a visitor is told first for an image file."""
    return int(classify(prepare(open_picture(content)), classifier)[0].argmax())


def same_answers(paths: Sequence[Path], classifier: Answers) -> dict[str, np.ndarray]:
    """Return, for each copy by name, bool (n,): whether a photo's first answer stayed the same."""
    kept: dict[str, list[bool]] = {name: [] for name in COPIES}
    for path in paths:
        content = path.read_bytes()
        first = answer(content, classifier)
        picture = flatten(open_picture(content))
        for name, copy in COPIES.items():
            kept[name].append(answer(copy(picture), classifier) == first)
    return {name: np.array(values) for name, values in kept.items()}


def table(kept: dict[str, np.ndarray]) -> str:
    """Return one line for each copy and one for their mean: the share of answers that stayed."""
    lines = [f"{name:20}{values.mean():8.1%}" for name, values in kept.items()]
    return "\n".join([*lines, f"{'mean':20}{np.mean(list(kept.values())):8.1%}"])


def main() -> None:
    """Print the table for a model and a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="field")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth photo")
    arguments = parser.parse_args()
    files = [file.path for file in real_pictures.read(arguments.folder) if file.group == "photos"]
    chosen = files[:: arguments.every]
    classifier = find(arguments.model).classifier()
    start = time.perf_counter()
    kept = same_answers(chosen, classifier)
    print(table(kept))
    print(f"{len(chosen)} photos, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()

"""The preparation of drawings and photos as one Python file that needs nothing of this project."""

import base64
import io
import zipfile
from functools import cache

from fmnist_core.paths import ASSETS, ROOT

_PACKAGES = ("preprocessing",)
_MODULES = ("__init__", "files", "litert", "paths", "shapes", "translation")
_ASSETS = ("segmentation.tflite", "segmentation.json")
_LINE = 100

_TEXT = '''"""Pictures -> the 28x28 images that networks trained on Fashion-MNIST expect.

    from preparation import image_of
    image = image_of("shoe.jpg")      # uint8 (28, 28): light on black, as in the data set

The same steps as in Fashion-MNIST Lab, packed into this file. Needs NumPy, Pillow and
opencv-python-headless; for photos also ai-edge-litert, for HEIC files pi-heif.
"""

import base64
import io
import sys
import tempfile
import zipfile

import numpy as np

_ARCHIVE = """
{archive}
"""

_folder = tempfile.TemporaryDirectory()  # deleted when Python ends
with zipfile.ZipFile(io.BytesIO(base64.b85decode(_ARCHIVE.replace("\\n", "")))) as _packed:
    _packed.extractall(_folder.name)
sys.path.insert(0, _folder.name)

from fmnist_core.preprocessing.open_picture import open_picture
from fmnist_core.preprocessing.prepare import prepare


def image_of(path: str, kind: str = "auto") -> np.ndarray:
    """Return the item on a picture as the data set would show it, uint8 (28, 28).

    `kind` is "auto", "drawing", "photo" or "dataset". Raises an error that says what is wrong
    with a file that is no picture, and ValueError where no item is found.
    """
    with open(path, "rb") as stream:
        item = prepare(open_picture(stream.read()), kind)
    if item.empty:
        raise ValueError(f"{{path}}: no item was found on this picture.")
    return item.array


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for row in image_of(name):
            print("".join(" .:-=+*#%@"[int(value) * 10 // 256] for value in row))
'''


@cache
def preparation() -> str:
    """Return the source of preparation.py, a megabyte and a half of it the network for photos."""
    packed = io.BytesIO()
    core = ROOT / "fmnist_core"
    paths = [core / f"{name}.py" for name in _MODULES]
    for package in _PACKAGES:
        paths += sorted((core / package).glob("*.py"))
    paths += [ASSETS / name for name in _ASSETS]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            # A fixed time: the same sources make the same file.
            entry = zipfile.ZipInfo(path.relative_to(ROOT).as_posix(), (2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    text = base64.b85encode(packed.getvalue()).decode()
    lines = "\n".join(text[at : at + _LINE] for at in range(0, len(text), _LINE))
    # The alphabet of base 85 has no quotation mark and no backslash.
    return _TEXT.format(archive=lines)

"""A file from a stranger to one upright RGB picture of working size, or one clear sentence."""

import numpy as np
from PIL import Image, ImageStat

from fmnist_core.preprocessing.decoding import Decoding, DecodingError, Refusal
from fmnist_core.translation import mark, say

# The one limit of uploads; .streamlit/config.toml repeats it for the door.
MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
# 28×28 is the goal, and a mask is found on 160 px: more pixels than this only cost time.
WORKING_EDGE = 800

NAMES = mark("JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP or GIF")
ENDINGS = ("jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp", "gif")
SEVERAL = "several"

# Drawings and small pictures never wait for a large file, which may take its process seconds.
_SMALL = 50_000
_small, _large = Decoding(), Decoding()


class PictureError(Exception):
    """The file cannot be used; the message says what came, what is expected and how to mend it.

    `message` is marked, and so may `values` be, its words: `str` says it to whoever reads it.
    """

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message, values)
        self.refusal = Refusal(message, values)

    def __str__(self) -> str:
        message, values = self.refusal
        return say(message, **{name: say(value) for name, value in values.items()})


def limits() -> str:
    """Return in words which files are taken."""
    return say(
        "{names}, up to {bytes:.0f} MB and {pixels:.0f} megapixels each (WebP and AVIF 25)",
        names=say(NAMES),
        bytes=MAX_BYTES / 1e6,
        pixels=MAX_PIXELS / 1e6,
    )


def open_picture(content: bytes) -> Image.Image:
    """Return the picture in `content`, upright, in mode RGB, longest edge at most `WORKING_EDGE`.

    Only the first frame of an animation or page of a document is used, and `first_of_several`
    says so; transparency lies on white (on black when what is visible is light), and metadata are
    dropped. Nothing is written to disk. Thread-safe; the file is read in a process of its own,
    where it may use little time and memory.

    Raises PictureError, one sentence for the visitor, for anything that is not a sound picture in
    one of the `NAMES` within the `limits`.
    """
    if not content:
        raise PictureError(
            mark(
                "The file is empty: a picture is expected ({names}), so please choose another file."
            ),
            names=NAMES,
        )
    if len(content) > MAX_BYTES:
        raise PictureError(
            mark(
                "The file has more than {most} MB, the most that is accepted: "
                "save it smaller or as JPEG."
            ),
            most=f"{MAX_BYTES / 1e6:.0f}",
        )
    try:
        answer = (_small if len(content) <= _SMALL else _large).decode(content)
    except DecodingError:
        raise PictureError(
            mark(
                "The file takes far more time or memory to open than a picture of its size should: "
                "a picture is expected ({names}), so save it again in a picture program, smaller "
                "or as JPEG."
            ),
            names=NAMES,
        ) from None
    if isinstance(answer, Refusal):
        raise PictureError(answer.message, **answer.values)
    picture = Image.frombytes("RGB", answer.size, answer.pixels)
    if answer.several:
        picture.info[SEVERAL] = True
    return picture


def get_ready() -> None:
    """Start the process for small pictures, so that the first drawing need not wait for it."""
    _small.start()


def first_of_several(picture: Image.Image | np.ndarray) -> bool:
    """Return whether an opened picture is the first frame or page of a file that has more."""
    return isinstance(picture, Image.Image) and SEVERAL in picture.info


def plain_mode(image: Image.Image) -> Image.Image:
    """Return the picture as L, LA, RGB, RGBA or CMYK, whatever its storage was."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image).astype(np.float32)
        # 16-bit greys: 65,535 is white. Pillow's own convert("L") would clip instead of scaling.
        return Image.fromarray(np.clip(values / 257 + 0.5, 0, 255).astype(np.uint8))
    if image.mode == "P" or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L") if image.mode == "1" else image


def flatten(picture: Image.Image | np.ndarray) -> Image.Image:
    """Return a picture or uint8 array (h, w) or (h, w, 1, 3 or 4) in mode RGB.

    Metadata are dropped; what is transparent lies on white, or on black when what is visible is
    light.
    """
    if isinstance(picture, np.ndarray):
        single = picture.ndim == 3 and picture.shape[2] == 1
        given = Image.fromarray(picture[..., 0] if single else picture)
    else:
        given = picture
    image = plain_mode(given)
    if "A" not in image.getbands():
        rgb = image.convert("RGB")
        return Image.frombytes("RGB", rgb.size, rgb.tobytes())
    layer = image.convert("RGBA")
    alpha = layer.getchannel("A")
    # White strokes on a transparent ground would vanish on white.
    seen = alpha.getbbox() is not None
    light = seen and np.mean(ImageStat.Stat(layer.convert("RGB"), alpha).mean) > 200
    ground = Image.new("RGBA", layer.size, (0, 0, 0, 255) if light else (255, 255, 255, 255))
    return Image.alpha_composite(ground, layer).convert("RGB")

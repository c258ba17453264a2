"""Bytes from a stranger to one upright RGB picture of working size, or one clear sentence."""

import contextlib
import math
import struct
import threading
import warnings

import numpy as np
from PIL import Image, ImageStat, UnidentifiedImageError

from fmnist_core.preprocessing.costly_files import RationedBytes, check_content, check_opened

# The one limit of uploads; .streamlit/config.toml repeats it for the door.
MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
# WebP and AVIF are decoded in up to 16 bytes a pixel, others in 8 at most. One picture of `_LARGE`
# or more is decoded at a time, so that large ones take 400 MB for a moment, however many come.
_FEWER_PIXELS = {"WEBP": 25_000_000, "AVIF": 25_000_000}
_LARGE = 12_000_000
# 28×28 is the goal, and a mask is found on 160 px: more pixels than this only cost time.
WORKING_EDGE = 800

_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF")
NAMES = "JPEG, PNG, WebP, HEIC, AVIF, TIFF, BMP or GIF"
ENDINGS = ("jpg", "jpeg", "png", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp", "gif")
LIMITS = (
    f"{NAMES}, up to {MAX_BYTES / 1e6:.0f} MB and {MAX_PIXELS / 1e6:.0f} megapixels each "
    "(WebP and AVIF 25)"
)
_EXPECTED = f"a picture is expected ({NAMES})"
# Marks in a file's first bytes of what only pi-heif reads.
_HEIF = (b"ftyphei", b"ftyphev", b"ftypmif1", b"ftypmsf1")
_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What people send by mistake, by the bytes it starts with.
_STRANGERS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an SVG or XML file"),
    (b"<", "a web page"),
)
# Everything that Pillow's readers raise on damaged files; anything else is a bug of ours.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    KeyError,
    IndexError,
    RuntimeError,
    MemoryError,
    OverflowError,
    struct.error,
)

# A 140 kB PNG can hold 12,000×12,000 pixels. Pillow only warns up to twice its limit by default.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
_one_large = threading.Lock()
_SEVERAL = "several"
# Pillow warns of each thing that it mends in a damaged file: 120,000 lines for one TIFF.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class PictureError(Exception):
    """The file cannot be used; the message says what came, what is expected and how to mend it."""


def open_picture(content: bytes) -> Image.Image:
    """Return the picture in `content`, upright, in mode RGB, longest edge at most `WORKING_EDGE`.

    Only the first frame of an animation or page of a document is used, and `first_of_several`
    says so; transparency lies on white (on black when what is visible is light), and metadata are
    dropped. Nothing is written to disk.

    Raises PictureError, one sentence for the visitor, for anything that is not a sound picture in
    one of the `NAMES` within the `LIMITS`.
    """
    if not content:
        raise PictureError(f"The file is empty: {_EXPECTED}, so please choose another file.")
    if len(content) > MAX_BYTES:
        raise PictureError(
            f"The file has more than {MAX_BYTES / 1e6:.0f} MB, the most that is accepted: "
            "save it smaller or as JPEG."
        )
    image = _open_header(content)
    large = image.width * image.height >= _LARGE
    try:
        with _one_large if large else contextlib.nullcontext():
            # The other pictures in a phone's MPO are previews and depths of the first.
            several = image.format != "MPO" and bool(getattr(image, "is_animated", False))
            image.seek(0)
            check_opened(content, *_how(image))
            if image.format in ("JPEG", "MPO"):
                # The decoder itself can halve a JPEG up to three times: 12 megapixels in 60 ms.
                image.draft(None, _working_size(image.size))
            image.load()
            orientation = _orientation(image)
            picture = _upright(flatten(_shrink(image)), orientation)
    except _DAMAGE as error:
        raise PictureError(
            f"The {image.format} file is damaged or cut off ({_short(error)}): {_EXPECTED} that "
            "opens in a picture viewer, so try sending or saving it again."
        ) from None
    if several:
        picture.info[_SEVERAL] = True
    return picture


def first_of_several(picture: Image.Image | np.ndarray) -> bool:
    """Return whether an opened picture is the first frame or page of a file that has more."""
    return isinstance(picture, Image.Image) and _SEVERAL in picture.info


def _open_header(content: bytes) -> Image.Image:
    """Return the undecoded picture after checking format and size from its header alone."""
    formats: tuple[str, ...] = _FORMATS
    if content[4:16].startswith(_HEIF):
        # 40 ms to import, so only for whoever sends such a photo.
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
        formats = ("HEIF",)
    try:
        check_content(content)
        image = Image.open(RationedBytes(content), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(_too_many_pixels(MAX_PIXELS, "more pixels than that")) from None
    except UnidentifiedImageError:
        raise PictureError(
            f"The file is {_stranger(content)}: {_EXPECTED}, so please save it as one of these."
        ) from None
    except _DAMAGE as error:
        raise PictureError(
            f"The file's header is damaged ({_short(error)}): {_EXPECTED}, so try saving it again."
        ) from None
    width, height = image.size
    most = _FEWER_PIXELS.get(image.format or "", MAX_PIXELS)
    if width * height > most:
        raise PictureError(_too_many_pixels(most, f"{width}×{height} pixels"))
    if min(width, height) < 1 or max(width, height) > 100 * min(width, height):
        raise PictureError(
            f"The picture has {width}×{height} pixels, which is only a line: crop a picture in "
            "which the item can be seen."
        )
    return image


def _how(image: Image.Image) -> tuple[str, str, int]:
    """Return a picture's format, the name of its decoder, and how many pixels that has to make."""
    tiles = getattr(image, "tile", None) or [("",)]
    return image.format or "", str(tiles[0][0]), image.width * image.height


def _too_many_pixels(most: int, what: str) -> str:
    return (
        f"At most {most / 1e6:.0f} megapixels are accepted and the picture has {what}: "
        "save it smaller."
    )


def _stranger(content: bytes) -> str:
    """Return in words what a file that is no accepted picture seems to be."""
    start = content[:256].lstrip()
    known = (b"\x89PNG", b"\xff\xd8", b"RIFF", b"GIF8", b"BM", b"II*\0", b"MM\0*")
    if start.startswith(known) or start[4:8] == b"ftyp":
        return "a picture with a damaged header"
    return next((name for magic, name in _STRANGERS if start.startswith(magic)), "no picture")


def _short(error: BaseException) -> str:
    return str(error).splitlines()[0][:80] if str(error) else type(error).__name__


def _working_size(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, WORKING_EDGE / max(size))
    return max(1, math.ceil(size[0] * scale)), max(1, math.ceil(size[1] * scale))


def _shrink(image: Image.Image) -> Image.Image:
    """Return the picture with its longest edge at most `WORKING_EDGE`, by averaging."""
    if max(image.size) <= WORKING_EDGE:
        return image
    if image.mode == "P" or image.mode[0] in "1IF":
        # Palette indices and 16-bit numbers cannot be averaged as they are, and need four times
        # the memory as colours: every second or third pixel is enough.
        step = max(1, max(image.size) // (3 * WORKING_EDGE))
        image = _plain_mode(image.resize((image.width // step, image.height // step), 0))
    # Not below the working size with the whole-number step: the box filter alone would blur.
    factor = max(image.size) // WORKING_EDGE
    reduced = image.reduce(factor) if factor > 1 else image
    return reduced.resize(_working_size(image.size), Image.Resampling.BILINEAR)


def _plain_mode(image: Image.Image) -> Image.Image:
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
    image = _plain_mode(given)
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


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 (upright) where there is none or it is damaged."""
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except _DAMAGE:
        # A good picture with bad metadata is still a good picture.
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image

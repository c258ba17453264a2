"""Bytes from a stranger to one upright RGB picture; only `decoder`, a process with limits, asks."""

import io
import math
import struct
import warnings

from PIL import AvifImagePlugin, Image, UnidentifiedImageError

from fmnist_core.preprocessing.open_picture import (
    MAX_PIXELS,
    NAMES,
    SEVERAL,
    WORKING_EDGE,
    PictureError,
    flatten,
    plain_mode,
)
from fmnist_core.translation import mark

_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF")
# These are decoded in up to 16 bytes a pixel, others in 8 at most.
_FEWER_PIXELS = {"WEBP": 25_000_000, "AVIF": 25_000_000}
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
    (b"%PDF", mark("a PDF document")),
    (b"PK\x03\x04", mark("a ZIP archive or an office document")),
    (b"<svg", mark("an SVG drawing")),
    (b"<?xml", mark("an SVG or XML file")),
    (b"<", mark("a web page")),
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
    OverflowError,
    struct.error,
)

# Pillow only warns up to twice its limit; ours is looked at before the first pixel is decoded.
Image.MAX_IMAGE_PIXELS = None
# Every thread's stack counts against the memory of the process.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
# Pillow warns of each thing that it mends in a damaged file: 120,000 lines for one TIFF.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")


def decode(content: bytes) -> Image.Image:
    """Return what `open_picture` returns; raises PictureError, and MemoryError."""
    image = _open_header(content)
    try:
        # The other pictures in a phone's MPO are previews and depths of the first.
        several = image.format != "MPO" and bool(getattr(image, "is_animated", False))
        image.seek(0)
        if image.format in ("JPEG", "MPO"):
            # The decoder itself can halve a JPEG up to three times: 12 megapixels in 60 ms.
            image.draft(None, _working_size(image.size))
        image.load()
        orientation = _orientation(image)
        picture = _upright(flatten(_shrink(image)), orientation)
    except _DAMAGE as error:
        raise PictureError(
            mark(
                "The {format} file is damaged or cut off ({problem}): a picture is expected "
                "({names}) that opens in a picture viewer, so try sending or saving it again."
            ),
            format=str(image.format),
            problem=_short(error),
            names=NAMES,
        ) from None
    if several:
        picture.info[SEVERAL] = True
    return picture


def _open_header(content: bytes) -> Image.Image:
    """Return the undecoded picture after checking format and size from its header alone."""
    formats: tuple[str, ...] = _FORMATS
    if content[4:16].startswith(_HEIF):
        # 40 ms to import, so only for whoever sends such a photo.
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
        formats = ("HEIF",)
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
    except UnidentifiedImageError:
        raise PictureError(
            mark(
                "The file is {what}: a picture is expected ({names}), so please save it as one of "
                "these."
            ),
            what=_stranger(content),
            names=NAMES,
        ) from None
    except _DAMAGE as error:
        raise PictureError(
            mark(
                "The file's header is damaged ({problem}): a picture is expected ({names}), so try "
                "saving it again."
            ),
            problem=_short(error),
            names=NAMES,
        ) from None
    width, height = image.size
    most = _FEWER_PIXELS.get(image.format or "", MAX_PIXELS)
    if width * height > most:
        raise PictureError(
            mark(
                "At most {most} megapixels are accepted and the picture has {width}×{height} "
                "pixels: save it smaller."
            ),
            most=f"{most / 1e6:.0f}",
            width=str(width),
            height=str(height),
        )
    if min(width, height) < 1 or max(width, height) > 100 * min(width, height):
        raise PictureError(
            mark(
                "The picture has {width}×{height} pixels, which is only a line: crop a picture in "
                "which the item can be seen."
            ),
            width=str(width),
            height=str(height),
        )
    return image


def _stranger(content: bytes) -> str:
    """Return in marked words what a file that is no accepted picture seems to be."""
    start = content[:256].lstrip()
    known = (b"\x89PNG", b"\xff\xd8", b"RIFF", b"GIF8", b"BM", b"II*\0", b"MM\0*")
    if start.startswith(known) or start[4:8] == b"ftyp":
        return mark("a picture with a damaged header")
    return next((name for magic, name in _STRANGERS if start.startswith(magic)), mark("no picture"))


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__


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
        image = plain_mode(image.resize((image.width // step, image.height // step), 0))
    # Not below the working size with the whole-number step: the box filter alone would blur.
    factor = max(image.size) // WORKING_EDGE
    reduced = image.reduce(factor) if factor > 1 else image
    return reduced.resize(_working_size(image.size), Image.Resampling.BILINEAR)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 (upright) where there is none or it is damaged."""
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except _DAMAGE:
        # A good picture with bad metadata is still a good picture.
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image

"""Small files that keep a decoder busy for minutes or fill the memory, and how each is made."""

import io
import struct
from collections.abc import Callable

from PIL import Image

PIECES = 250_000


def encoded(size: tuple[int, int] = (40, 20), format: str = "PNG", **options: object) -> bytes:  # noqa: A002 - Pillow's own name
    stream = io.BytesIO()
    Image.new("L" if max(size) > 1000 else "RGB", size).save(stream, format, **options)
    return stream.getvalue()


def painted_often(times: int) -> bytes:
    """A progressive JPEG of 12 megapixels whose last scan comes again and again."""
    picture = encoded((4000, 3000), "JPEG", progressive=True)
    scan = picture[picture.rindex(b"\xff\xda") : -2]
    return picture[:-2] + scan * times + b"\xff\xd9"


def tiles(count: int) -> bytes:
    """A TIFF with `count` tiles, whose offsets and lengths are read before anything else."""
    one = [(256, 40), (257, 20), (258, 8), (259, 1), (262, 1), (322, 16), (323, 16)]
    entries = [struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in one]
    entries += [struct.pack("<HHII", tag, 4, count, 400) for tag in (324, 325)]
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(entries)
    return head.ljust(400, b"\0") + bytes(4 * count)


def pieces_of_gif() -> bytes:
    picture = encoded(format="GIF")
    at = picture.index(b",\0\0\0\0")
    return picture[:at] + b"\x21\xfe" + b"\1a" * PIECES * 30 + b"\0" + picture[at:]


def endless_exif(segments: int = 1990) -> bytes:
    """A JPEG whose Exif segments are joined anew with each that is added."""
    one = b"\xff\xe1" + struct.pack(">H", 9998) + b"Exif\0\0" + bytes(9990)
    return b"\xff\xd8" + one * segments + encoded(format="JPEG")[2:]


HOSTILE: dict[str, Callable[[], bytes]] = {
    "scans": lambda: painted_often(1000),
    "tiles": lambda: tiles(4_900_000),
    "Exif": endless_exif,
    "comments": pieces_of_gif,
    "fill": lambda: b"\xff\xd8" + b"\xff" * PIECES * 79 + encoded(format="JPEG")[2:],
}

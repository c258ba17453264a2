"""Small files that cost a decoder minutes or gigabytes, refused before it begins.

The number of pixels, which the header tells, does not bound the work: a JPEG may paint the same
pixels a thousand times, a TIFF may consist of millions of pieces.
"""

import io
import struct

# A 20 MB GIF of an honest encoder is read in 160,000 pieces, every other format in far fewer.
_MOST_READS = 200_000
_MOST_PAINTED = 800_000_000  # pixels × passes over them; ten passes are usual
_MOST_PIECES = 20_000  # strips or tiles of a TIFF
_MOST_NOTES = 20  # Exif segments of a JPEG; one is usual
_MOST_RUNS = 4_000_000  # pixels of a run-length coded BMP, which Pillow decodes one by one
_PIECES = (273, 279, 324, 325)  # the tags of offsets and lengths


class CostlyError(OSError):
    """Reading the file would cost more than a picture can be worth."""

    def __init__(self) -> None:
        super().__init__("it is made of far too many pieces")


class RationedBytes(io.BytesIO):
    """A file in memory that may be read from so often only."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._left = _MOST_READS

    def read(self, size: int | None = -1, /) -> bytes:
        """Return what comes next; raises CostlyError when the ration is used up."""
        self._left -= 1
        if self._left < 0:
            raise CostlyError
        return super().read(size)


def check_content(content: bytes) -> None:
    """Raise CostlyError for a file whose mere opening would cost too much."""
    if content.startswith(b"\xff\xd8") and content.count(b"Exif\0\0") > _MOST_NOTES:
        raise CostlyError
    if content[:2] in (b"II", b"MM") and _tiff_pieces(content) > _MOST_PIECES:
        raise CostlyError


def check_opened(content: bytes, format_: str, codec: str, pixels: int) -> None:
    """Raise CostlyError when decoding a picture of so many pixels would cost too much."""
    if format_ in ("JPEG", "MPO") and content.count(b"\xff\xda") * pixels > _MOST_PAINTED:
        raise CostlyError
    if codec == "bmp_rle" and pixels > _MOST_RUNS:
        raise CostlyError


def _tiff_pieces(content: bytes) -> int:
    """Return the most pieces that a TIFF's first directory speaks of; 0 when it is damaged."""
    order = "<" if content[:2] == b"II" else ">"
    large = content[2:4] in (b"+\0", b"\0+")  # BigTIFF: all numbers twice as wide
    start, count, entry = (8, "Q", "HHQ8x") if large else (4, "H", "HHI4x")
    try:
        (place,) = struct.unpack_from(order + ("Q" if large else "I"), content, start)
        (entries,) = struct.unpack_from(order + count, content, place)
        place += struct.calcsize(order + count)
        size, most = struct.calcsize(order + entry), 0
        for at in range(min(entries, 65_535)):
            tag, _, number = struct.unpack_from(order + entry, content, place + at * size)
            if tag in _PIECES:
                most = max(most, number)
    except struct.error:
        return 0
    return most

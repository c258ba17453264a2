"""Files that would keep a decoder busy for minutes, or fill the memory, are refused at once."""

import io
import struct
import zlib

import pytest
from PIL import Image

from fmnist_core.preprocessing.costly_files import RationedBytes
from fmnist_core.preprocessing.open_picture import PictureError, open_picture

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


def in_pieces(tag: int, count: int, order: str = "<", large: bool = False) -> bytes:
    """A TIFF with `count` strips or tiles, whose offsets would be read before anything else."""
    entries = [(256, 3, 1, 40), (257, 3, 1, 20), (258, 3, 1, 8), (tag, 4, count, 400)]
    mark = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}H", 43 if large else 42)
    wide = "HHQQ" if large else "HHII"
    head = struct.pack(f"{order}HHQ", 8, 0, 16) if large else struct.pack(f"{order}I", 8)
    number = struct.pack(f"{order}{'Q' if large else 'H'}", len(entries))
    return mark + head + number + b"".join(struct.pack(order + wide, *e) for e in entries)


def empty_chunks() -> bytes:
    picture = encoded()
    chunk = struct.pack(">I4sI", 0, b"abCd", zlib.crc32(b"abCd"))
    return picture[:33] + chunk * PIECES + picture[33:]


def comments() -> bytes:
    picture = encoded(format="GIF")
    at = picture.index(b",\0\0\0\0")
    return picture[:at] + b"\x21\xfe" + b"\1a" * PIECES + b"\0" + picture[at:]


def run_lengths() -> bytes:
    head = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 0, 0, 0, 1078, 40, 5000, 5000, 1, 8, 1, 0,
                       0, 0, 256, 0)  # fmt: skip
    return head + bytes(1024) + b"\xff\1" * 200


@pytest.mark.parametrize(
    "content",
    [
        painted_often(100),
        in_pieces(324, 4_000_000),
        in_pieces(273, 4_000_000, ">"),
        in_pieces(324, 4_000_000, large=True),
        empty_chunks(),
        comments(),
        run_lengths(),
        b"\xff\xd8" + b"\xff\xe1\0\x0aExif\0\0ab" * 40 + encoded(format="JPEG")[2:],
        b"\xff\xd8" + b"\xff" * PIECES + encoded(format="JPEG")[2:],
    ],
    ids=["scans", "tiles", "strips", "BigTIFF", "chunks", "comments", "runs", "notes", "fill"],
)
def test_a_file_of_too_many_pieces_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(PictureError, match="far too many pieces") as caught:
        open_picture(content)
    assert str(caught.value).endswith(".")


def test_what_honest_programs_write_is_read() -> None:
    assert open_picture(painted_often(0)).size == (800, 600)
    assert open_picture(encoded((2000, 1500), "TIFF", compression="tiff_lzw")).size == (800, 600)
    assert open_picture(encoded((1600, 1200), "BMP")).size == (800, 600)


def test_a_ration_of_reads_ends() -> None:
    stream = RationedBytes(b"abc")
    assert stream.read(1) == b"a"
    with pytest.raises(OSError, match="pieces"):
        for _ in range(PIECES):
            stream.read(0)


def test_a_phones_preview_is_no_second_picture() -> None:
    content = encoded((1600, 1200), "MPO", save_all=True, append_images=[Image.new("L", (80, 60))])
    picture = open_picture(content)
    assert picture.size == (800, 600)
    assert not picture.info

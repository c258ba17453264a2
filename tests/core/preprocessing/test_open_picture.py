"""Hostile and unusual files: each opens right or is refused in one sentence."""

import io
import re
import struct
import time
import tomllib
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from fmnist_core import translation
from fmnist_core.preprocessing import open_picture as opening
from fmnist_core.preprocessing.decoding import Refusal
from fmnist_core.preprocessing.open_picture import (
    ENDINGS,
    MAX_BYTES,
    WORKING_EDGE,
    PictureError,
    first_of_several,
    limits,
    open_picture,
)
from fmnist_core.preprocessing.prepare import prepare

# Pillow warns of what it mends in damaged files.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def encode(image: Image.Image, format: str = "PNG", **options: object) -> bytes:  # noqa: A002 - Pillow's own name
    stream = io.BytesIO()
    if format == "HEIF":  # nothing is registered: that is for `open_picture` to do
        pillow_heif.from_pillow(image).save(stream, quality=90, **options)
    else:
        image.save(stream, format, **options)
    return stream.getvalue()


def halves(left: tuple[int, ...], right: tuple[int, ...], mode: str = "RGB") -> Image.Image:
    """A 40×20 picture with one colour on the left and another on the right."""
    image = Image.new(mode, (40, 20), left)
    image.paste(right, (20, 0, 40, 20))
    return image


def colours(image: Image.Image) -> tuple[tuple[int, ...], tuple[int, ...]]:
    assert image.mode == "RGB"
    return image.getpixel((5, 10)), image.getpixel((image.width - 5, 10))  # type: ignore[return-value]


def refusal(content: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        open_picture(content)
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


ALL = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "BMP", "GIF")


@pytest.mark.parametrize(
    ("format", "options"),
    [(each, {}) for each in ALL if each not in {"JPEG", "WEBP"}]
    + [
        ("WEBP", {"lossless": True}),
        ("JPEG", {"quality": 95}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
    ],
)
def test_all_formats_keep_their_colours(format: str, options: dict) -> None:  # noqa: A002 - Pillow's own name
    left, right = colours(open_picture(encode(halves(RED, BLUE), format, **options)))
    assert np.abs(np.subtract(left, RED)).max() <= 3
    assert np.abs(np.subtract(right, BLUE)).max() <= 3


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    values = np.full((20, 40), 128 * 257, np.uint16)
    values[:, 20:] = 65535
    assert colours(open_picture(encode(Image.fromarray(values)))) == ((128, 128, 128), WHITE)


def test_cmyk_jpeg_becomes_rgb() -> None:
    left, right = colours(
        open_picture(encode(halves((0, 255, 255, 0), (0, 0, 0, 0), "CMYK"), "JPEG"))
    )
    assert np.abs(np.subtract(left, RED)).max() <= 12
    assert np.abs(np.subtract(right, WHITE)).max() <= 3


def test_palette_with_transparency_lies_on_white() -> None:
    image = Image.new("P", (40, 20), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(1, (20, 0, 40, 20))
    assert colours(open_picture(encode(image, transparency=1))) == (RED, WHITE)


def test_alpha_lies_on_white_and_light_strokes_on_black() -> None:
    dark = halves((200, 0, 0, 255), (9, 9, 9, 0), "RGBA")
    light = halves((255, 255, 255, 255), (9, 9, 9, 0), "RGBA")
    assert colours(open_picture(encode(dark))) == ((200, 0, 0), WHITE)
    assert colours(open_picture(encode(light))) == (WHITE, (0, 0, 0))
    assert colours(open_picture(encode(light, "WEBP", lossless=True))) == (WHITE, (0, 0, 0))


def test_one_bit_pictures_open() -> None:
    image = Image.new("1", (40, 20), 0)
    image.paste(1, (20, 0, 40, 20))
    assert colours(open_picture(encode(image))) == ((0, 0, 0), WHITE)


def test_only_the_first_frame_of_an_animation_is_used() -> None:
    first, second = halves(RED, BLUE), halves(WHITE, WHITE)
    for format, options in (("PNG", {}), ("WEBP", {"lossless": True})):  # noqa: A001
        content = encode(first, format, save_all=True, append_images=[second], **options)
        assert colours(open_picture(content)) == (RED, BLUE)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(orientation: int) -> None:
    # Stored so that undoing the orientation gives red on the left, blue on the right.
    undo = [None, 0, 3, 1, 5, 2, 6, 4][orientation - 1]
    upright = halves(RED, BLUE)
    stored = upright if undo is None else upright.transpose(Image.Transpose(undo))
    exif = Image.Exif()
    exif[0x0112] = orientation
    for format in ("PNG", "WEBP"):  # noqa: A001
        content = encode(
            stored, format, exif=exif, **({"lossless": True} if format == "WEBP" else {})
        )
        picture = open_picture(content)
        assert picture.size == (40, 20)
        assert colours(picture) == (RED, BLUE)
    assert colours(open_picture(encode(stored, "JPEG", exif=exif, quality=95)))[0][0] > 240


def test_metadata_do_not_survive() -> None:
    exif = Image.Exif()
    exif[0x010E] = "my home address"
    assert not open_picture(encode(halves(RED, BLUE), "JPEG", exif=exif)).info


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_does_not_spoil_a_good_picture() -> None:
    content = encode(
        halves(RED, BLUE), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff\xff", quality=95
    )
    assert colours(open_picture(content))[0][0] > 240


@pytest.mark.parametrize("format", ALL)
def test_a_truncated_file_is_refused(format: str) -> None:  # noqa: A002 - Pillow's own name
    noise = np.random.default_rng(0).integers(0, 255, (60, 60, 3), np.uint8)
    content = encode(Image.fromarray(noise), format)
    for end in (len(content) // 2, len(content) * 9 // 10, 30):
        assert re.search("damaged|no picture", refusal(content[:end]))


def test_flipped_bytes_never_raise_anything_else() -> None:
    rng = np.random.default_rng(1)
    for format in ALL:  # noqa: A001
        content = encode(halves(RED, BLUE), format)
        for _ in range(100):
            spoiled = bytearray(content)
            for position in rng.integers(0, len(content), 3):
                spoiled[position] = rng.integers(256)
            try:
                assert open_picture(bytes(spoiled)).mode == "RGB"
            except PictureError as error:
                assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"hello", "no picture"),
        (b"GIF89a" + bytes(50), "header"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "header"),
        (b"%PDF-1.7" + bytes(50), "PDF"),
        (b"<svg xmlns=''/>", "SVG"),
        (b"x" * (MAX_BYTES + 1), "more than 20 MB"),
    ],
)
def test_other_files_are_named_and_refused(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_the_content_decides_and_not_the_name() -> None:
    """A HEIC photo called .jpg opens; only the endings that the browser lets through are listed."""
    assert colours(open_picture(encode(halves(RED, BLUE), "HEIF")))[0][0] > 240
    assert {"heic", "heif", "avif", "tiff", "bmp", "gif", "jpg"} <= set(ENDINGS)


def test_a_file_is_refused_in_the_language_of_whoever_reads_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(PictureError) as error:
        open_picture(b"%PDF-1.7")
    assert str(error.value).startswith("The file is a PDF document: a picture is expected (JPEG")
    monkeypatch.setattr(translation, "_ask", [lambda: "de"])
    assert str(error.value).startswith("Die Datei ist ein PDF-Dokument. Erwartet wird ein Bild (")
    assert "BMP oder GIF" in str(error.value)


def test_the_limit_at_the_door_is_the_one_that_is_said() -> None:
    config = tomllib.loads(Path(".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["server"]["maxUploadSize"] * 1_000_000 == MAX_BYTES
    assert "20 MB" in limits()
    assert "50 megapixels" in limits()


@pytest.mark.parametrize("format", ["GIF", "TIFF", "WEBP", "PNG", "AVIF"])
def test_that_only_the_first_of_several_pictures_is_looked_at_is_said(format: str) -> None:  # noqa: A002
    frames = [halves(BLUE, WHITE), halves(WHITE, RED)]
    several = open_picture(encode(halves(RED, BLUE), format, save_all=True, append_images=frames))
    assert colours(several)[0][0] > 240
    assert first_of_several(several)
    assert any("several pictures" in note for note in prepare(several).notes)
    assert not first_of_several(open_picture(encode(halves(RED, BLUE), format)))


def test_ten_thousand_frames_take_no_longer_than_one() -> None:
    frame = encode(Image.new("P", (8, 8)), "GIF")
    start = frame.index(b",\0\0\0\0")
    content = frame[:start] + frame[start:-1] * 10_000 + b";"
    begin = time.perf_counter()
    assert open_picture(content).size == (8, 8)
    assert time.perf_counter() - begin < 1


def test_a_phones_preview_is_no_second_picture() -> None:
    large, preview = Image.new("L", (1600, 1200)), Image.new("L", (80, 60))
    picture = open_picture(encode(large, "MPO", save_all=True, append_images=[preview]))
    assert picture.size == (800, 600)
    assert not picture.info


def test_a_giant_profile_is_dropped() -> None:
    content = encode(halves(RED, BLUE), "TIFF", icc_profile=bytes(3_000_000))
    assert not open_picture(content).info


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (2**31 - 1, 2)])
def test_a_tiff_of_absurd_size_is_refused_from_its_header(width: int, height: int) -> None:
    content = encode(halves(RED, BLUE), "TIFF")
    for tag, value in ((256, width), (257, height)):
        at = (
            content.rindex(struct.pack("<HH", tag, 4))
            if struct.pack("<HH", tag, 4) in content
            else content.rindex(struct.pack("<HH", tag, 3))
        )
        content = content[:at] + struct.pack("<HHII", tag, 4, 1, value) + content[at + 12 :]
    begin = time.perf_counter()
    assert re.search("megapixels|only a line", refusal(content))
    assert time.perf_counter() - begin < 0.5


def test_a_decompression_bomb_is_refused_from_its_header() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 12000, 12000, 8, 2, 0, 0, 0)
    content = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"\0") + chunk(b"IEND", b"")
    )
    begin = time.perf_counter()
    assert "50 megapixels" in refusal(content)
    assert time.perf_counter() - begin < 0.5


def test_a_picture_just_over_the_pixel_limit_is_refused_and_one_under_it_opens() -> None:
    large = encode(Image.new("L", (6000, 5000)), "WEBP")
    assert "25 megapixels" in refusal(large + bytes(1_500_000))  # a size that photos have
    assert "10001×5000" in refusal(encode(Image.new("L", (10001, 5000))))
    assert open_picture(encode(Image.new("L", (10000, 5000)))).size == (800, 400)


def test_a_line_is_no_picture() -> None:
    assert "only a line" in refusal(encode(Image.new("L", (500, 2))))


def test_large_pictures_come_back_at_working_size_with_their_aspect() -> None:
    picture = open_picture(encode(halves(RED, BLUE).resize((4000, 3000)), "JPEG"))
    assert picture.size == (WORKING_EDGE, WORKING_EDGE * 3 // 4)
    assert colours(picture)[0][0] > 240


@pytest.mark.parametrize("mode", ["P", "1", "I;16"])
def test_a_large_picture_of_indices_or_long_numbers_is_averaged_in_its_colours(mode: str) -> None:
    columns = np.tile([0, 2], (700, 800)).astype(np.uint8)
    if mode == "P":
        image = Image.fromarray(columns, "P")
        image.putpalette([0, 0, 0, 255, 0, 0, 255, 255, 255])  # between black and white: red
    elif mode == "1":
        image = Image.fromarray(columns > 0)
    else:
        image = Image.fromarray(columns.astype(np.uint16) * 32767)
    picture = open_picture(encode(image))
    assert picture.size == (800, 350)
    assert np.abs(np.asarray(picture)[5:-5, 5:-5].astype(int) - 128).max() <= 2


def test_files_above_fifty_thousand_bytes_wait_in_a_line_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Line:
        def __init__(self) -> None:
            self.sizes: list[int] = []

        def decode(self, content: bytes) -> Refusal:
            self.sizes.append(len(content))
            return Refusal("No picture.", {})

    small, large = Line(), Line()
    monkeypatch.setattr(opening, "_small", small)
    monkeypatch.setattr(opening, "_large", large)
    for size in (1, 50_000, 50_001, opening.MAX_BYTES):
        assert refusal(bytes(size)) == "No picture."
    assert (small.sizes, large.sizes) == ([1, 50_000], [50_001, opening.MAX_BYTES])

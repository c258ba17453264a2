"""Hostile and unusual files: each opens right or is refused in one sentence."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from fmnist_core.preprocessing.open_picture import (
    MAX_BYTES,
    WORKING_EDGE,
    PictureError,
    open_picture,
)

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def encode(image: Image.Image, format: str = "PNG", **options: object) -> bytes:  # noqa: A002 - Pillow's own name
    stream = io.BytesIO()
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


@pytest.mark.parametrize(
    ("format", "options"), [("PNG", {}), ("WEBP", {"lossless": True}), ("JPEG", {"quality": 95})]
)
def test_the_three_formats_keep_their_colours(format: str, options: dict) -> None:  # noqa: A002 - Pillow's own name
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


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_file_is_refused(format: str) -> None:  # noqa: A002 - Pillow's own name
    noise = np.random.default_rng(0).integers(0, 255, (60, 60, 3), np.uint8)
    content = encode(Image.fromarray(noise), format)
    for end in (len(content) // 2, len(content) * 9 // 10, 30):
        assert "damaged" in refusal(content[:end]) or "no picture" in refusal(content[:end])


def test_flipped_bytes_never_raise_anything_else() -> None:
    rng = np.random.default_rng(1)
    for format in ("PNG", "JPEG", "WEBP"):  # noqa: A001
        content = encode(halves(RED, BLUE), format)
        for _ in range(150):
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
        (b"GIF89a" + bytes(50), "a GIF"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "HEIC"),
        (b"%PDF-1.7" + bytes(50), "PDF"),
        (b"<svg xmlns=''/>", "SVG"),
        (b"x" * (MAX_BYTES + 1), "more than 5 MB"),
    ],
)
def test_other_files_are_named_and_refused(content: bytes, words: str) -> None:
    assert words in refusal(content)


def test_gif_bytes_are_refused_even_though_pillow_could_read_them() -> None:
    assert "a GIF" in refusal(encode(halves(RED, BLUE).convert("P"), "GIF"))


def test_a_decompression_bomb_is_refused_from_its_header() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 12000, 12000, 8, 2, 0, 0, 0)
    content = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"\0") + chunk(b"IEND", b"")
    )
    begin = time.perf_counter()
    assert "25 megapixels" in refusal(content)
    assert time.perf_counter() - begin < 0.5


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_just_over_the_pixel_limit_is_refused_and_one_under_it_opens() -> None:
    assert "5001×5000" in refusal(encode(Image.new("L", (5001, 5000))))
    assert open_picture(encode(Image.new("L", (5000, 5000)))).size == (WORKING_EDGE, WORKING_EDGE)


def test_a_line_is_no_picture() -> None:
    assert "only a line" in refusal(encode(Image.new("L", (500, 2))))


def test_large_pictures_come_back_at_working_size_with_their_aspect() -> None:
    picture = open_picture(encode(halves(RED, BLUE).resize((4000, 3000)), "JPEG"))
    assert picture.size == (WORKING_EDGE, WORKING_EDGE * 3 // 4)
    assert colours(picture)[0][0] > 240

"""Small pictures of every format with bytes changed: each opens or is refused in one sentence."""

import io
import struct

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fmnist_core.preprocessing.open_picture import PictureError, open_picture
from fmnist_core.preprocessing.prepare import prepare
from tests.support.hostile_values import damaged


def encoded(format: str, mode: str = "RGB", **options: object) -> bytes:  # noqa: A002 - Pillow's own name
    image = Image.fromarray(np.arange(24 * 16 * 3, dtype=np.uint8).reshape(16, 24, 3)).convert(mode)
    stream = io.BytesIO()
    if format == "HEIF":
        pillow_heif.from_pillow(image).save(stream)
    else:
        image.save(stream, format, **options)
    return stream.getvalue()


FILES = {
    "JPEG": encoded("JPEG"),
    "progressive JPEG": encoded("JPEG", progressive=True),
    "CMYK JPEG": encoded("JPEG", "CMYK"),
    "MPO": encoded("MPO", save_all=True, append_images=[Image.new("RGB", (8, 8))]),
    "PNG": encoded("PNG"),
    "16-bit PNG": encoded("PNG", "I;16"),
    "animated PNG": encoded("PNG", save_all=True, append_images=[Image.new("RGB", (24, 16))]),
    "palette PNG": encoded("PNG", "P", transparency=b"\0\1\2"),
    "GIF": encoded("GIF", "P"),
    "animated GIF": encoded("GIF", "P", save_all=True, append_images=[Image.new("P", (24, 16))]),
    "TIFF": encoded("TIFF"),
    "LZW TIFF": encoded("TIFF", compression="tiff_lzw"),
    "fax TIFF": encoded("TIFF", "1", compression="group4"),
    "JPEG in TIFF": encoded("TIFF", compression="jpeg"),
    "BMP": encoded("BMP"),
    "one-bit BMP": encoded("BMP", "1"),
    "WebP": encoded("WEBP"),
    "lossless WebP": encoded("WEBP", "RGBA", lossless=True),
    "AVIF": encoded("AVIF"),
    "HEIC": encoded("HEIF"),
}


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=40)
@given(data=st.data())
def test_a_damaged_picture_opens_or_is_refused(name: str, data: st.DataObject) -> None:
    content = data.draw(damaged(FILES[name]))
    try:
        picture = open_picture(content)
    except PictureError as error:
        message = str(error)
        assert message.endswith(".")
        assert len(message) < 400
        assert "\n" not in message
        assert "far more time" not in message
    else:
        assert picture.mode == "RGB"
        assert 1 <= max(picture.size) <= 800
        assert prepare(picture) is not None


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(PictureError):
        open_picture(content)


def test_what_is_said_of_a_file_holds_nothing_of_it() -> None:
    content = FILES["TIFF"].replace(struct.pack("<HH", 259, 3), struct.pack("<HH", 259, 2))
    for spoiled in (content, b"<script>alert(1)</script>", b"GIF89a[x](http://y)"):
        with pytest.raises(PictureError) as caught:
            open_picture(spoiled)
        assert "script" not in str(caught.value)
        assert "http" not in str(caught.value)

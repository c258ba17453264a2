"""Each file has its budget of time and memory in a process of its own, and the next one opens."""

import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest
from PIL import Image

from fmnist_core.preprocessing import decoding
from fmnist_core.preprocessing.decoding import Decoded, Decoding, DecodingError
from fmnist_core.preprocessing.open_picture import MAX_BYTES, PictureError, open_picture
from tests.support.hostile_pictures import HOSTILE, encoded


@pytest.fixture
def process() -> Iterator[Decoding]:
    one = Decoding()
    yield one
    one.end()


# Far beyond any budget; a fast processor may open the others within theirs.
HOPELESS = ("scans", "tiles")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_costly_file_is_cut_off_in_one_sentence_and_the_next_picture_opens(name: str) -> None:
    content = HOSTILE[name]()
    assert len(content) <= MAX_BYTES
    begin, said = time.monotonic(), ""
    try:
        open_picture(content)
    except PictureError as error:
        said = str(error)
    assert time.monotonic() - begin < decoding.MOST_SECONDS + 1
    assert said or name not in HOPELESS
    assert not said or ("far more time or memory" in said and said.endswith("."))
    assert open_picture(encoded()).size == (40, 20)
    assert open_picture(encoded((1200, 1000), "BMP")).size == (800, 667)


def test_a_small_file_of_many_pixels_is_refused_for_the_memory_it_would_take() -> None:
    content = encoded((6000, 4000), "WEBP", lossless=True, method=0)
    assert len(content) < 20_000
    with pytest.raises(PictureError):
        open_picture(content)
    assert decoding.memory(20_000) < 100_000_000
    assert decoding.seconds(20_000) < 1


def test_a_process_that_dies_between_two_files_is_replaced(process: Decoding) -> None:
    assert isinstance(process.decode(encoded()), Decoded)
    process.end()
    assert isinstance(process.decode(encoded()), Decoded)


def test_a_process_that_hangs_is_killed(process: Decoding, monkeypatch: pytest.MonkeyPatch) -> None:
    process.start()
    monkeypatch.setattr(decoding, "LENGTH", _Longer())
    monkeypatch.setattr(decoding, "MOST_SECONDS", 0.3)
    with pytest.raises(DecodingError):
        process.decode(encoded())
    monkeypatch.undo()
    assert isinstance(process.decode(encoded()), Decoded)


def test_an_answer_that_nobody_took_is_not_the_next_visitors(
    process: Decoding, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.start()
    monkeypatch.setattr(decoding, "_stream", _sent_only(decoding._stream))
    with pytest.raises(KeyboardInterrupt):
        process.decode(_grey(1))
    monkeypatch.undo()
    found = process.decode(_grey(200))
    assert isinstance(found, Decoded)
    assert set(found.pixels) == {200}


def _sent_only(stream: Callable[[IO[bytes]], IO[bytes]]) -> Callable[[IO[bytes]], object]:
    """Ends of the pipe of which the one to read from is interrupted."""

    def read(_size: int) -> bytes:
        raise KeyboardInterrupt

    return lambda end: stream(end) if end.writable() else SimpleNamespace(read=read)


class _Longer:
    """Announces more bytes than come, so that the process waits for them."""

    @staticmethod
    def pack(length: int) -> bytes:
        return decoding.struct.pack("<Q", length + 1)


def test_many_visitors_get_their_own_pictures() -> None:
    files = [_grey(shade) for shade in range(40)]
    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(open_picture, files))
    assert [picture.getpixel((0, 0)) for picture in pictures] == [(i, i, i) for i in range(40)]


def _grey(shade: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (30, 30), shade).save(stream, "PNG")
    return stream.getvalue()


def test_the_process_can_write_no_file(tmp_path: Path) -> None:
    program = (
        "import sys; from fmnist_core.preprocessing.decoder import Limits; Limits()\n"
        "with open(sys.argv[1], 'wb', 0) as stream: stream.write(b'x')"
    )
    place = tmp_path / "written"
    done = subprocess.run(
        [sys.executable, "-c", program, str(place)], capture_output=True, text=True, check=False
    )
    assert "File too large" in done.stderr
    assert place.read_bytes() == b""


def test_a_process_that_does_not_start_is_said_in_one_sentence(
    process: Decoding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding.sys, "executable", "/bin/false")
    assert process.decode(encoded()) == (
        "Pictures cannot be opened at the moment: please try again in a minute.",
        {},
    )

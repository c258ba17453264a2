"""What files cost that were made to cost much: `python -m benchmarks.hostile_pictures`.

For each: its size, wall-clock and processor seconds until it is refused, and the most memory that
the process which opens it took more than before. Then the milliseconds of a drawing. Goals: 3 s of
work and 450 MB for any file, 1 s and 100 MB for one of 20 kB.
"""

import resource
import threading
import time
from statistics import median

import psutil

from benchmarks.preparation import drawing
from fmnist_core.preprocessing.open_picture import PictureError, open_picture
from tests.support.hostile_pictures import HOSTILE

ROUNDS = 50


def watch(found: list[int], ended: threading.Event) -> None:
    """Keep in `found` the most bytes that any child process has."""
    while not ended.wait(0.005):
        for child in psutil.Process().children():
            try:
                found[0] = max(found[0], child.memory_info().rss)
            except psutil.Error:
                continue  # it has just ended


def measure(name: str, content: bytes) -> None:
    """Print what a file costs."""
    found, ended = [0], threading.Event()
    watcher = threading.Thread(target=watch, args=(found, ended))
    watcher.start()
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    try:
        said = f"opened: {open_picture(content).size}"
    except PictureError as error:
        said = str(error)[:60]
    wall = time.perf_counter() - begin
    ended.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"{name:10}{len(content) / 1e3:9,.0f} kB{wall:7.2f} s{work:7.2f} s of work"
        f"{found[0] / 1e6:6.0f} MB in all  {said}…"
    )


def main() -> None:
    """Measure all files, then a drawing."""
    picture = drawing()
    for name, make in HOSTILE.items():
        open_picture(picture)
        measure(name, make())
    spent = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        open_picture(picture)
        spent.append(1000 * (time.perf_counter() - begin))
    print(f"a drawing: median {median(spent):.1f} ms, fastest {min(spent):.1f} ms")


if __name__ == "__main__":
    main()

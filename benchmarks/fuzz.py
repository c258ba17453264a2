"""Feeds every entrance what a coverage-guided fuzzer makes up: `make fuzz`.

`python -m benchmarks.fuzz [TARGET…] [--seconds N]` lets Atheris (libFuzzer) look for inputs that
reach new code, for a minute a target. A finding is an error that the entrance does not document, an
input that takes too long, or one that has a file written outside the temporary folder, another
program started or a connection made. Each is kept in build/fuzz/TARGET/ with its trace, once for
each place in the code; `--input FILE` tries it again. What was tried before is gone on from.
"""

import argparse
import contextlib
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from fmnist_core.paths import BUILD, ROOT

NAMES = (
    *("recipe", "link", "address", "message", "sweep", "folder", "arrays", "bundle"),
    *("picture", "reply", "words"),
)
MOST_BYTES, MOST_MEGABYTES, MOST_SECONDS = 40_000, 2500, 60
# What the picture readers and the page's parts are made of; libraries in C cannot be watched.
WATCHED = ["fmnist_core", "pages", "PIL", "tomllib"]
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FILES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link"}
_NEVER = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "socket.connect"}


class Guard:
    """Notices what an input must not cause; it is in the way of nothing outside `watching`."""

    def __init__(self, allowed: Path) -> None:
        self._allowed = str(allowed.resolve())
        self._watching = False
        self.seen: list[str] = []
        sys.addaudithook(self._look)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Watch what the block does; it raises PermissionError in the place of a bad deed."""
        self.seen.clear()
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    def _look(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._watching:
            return
        bad = event in _NEVER
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
            bad = not self._inside(arguments[0])
        elif event in _FILES:
            # The last argument is the folder that a name stands in, opened before; -1 for none.
            room = arguments[-1] if isinstance(arguments[-1], int) else -1
            names = [one for one in arguments if isinstance(one, str | bytes)]
            bad = not all(self._inside(name, room) for name in names)
        if bad:
            self.seen.append(event)
            raise PermissionError(f"{event} {arguments[0]!r:.200}")

    def _inside(self, path: object, room: int = -1) -> bool:
        if isinstance(path, int):
            return True  # a descriptor, opened before
        name = os.fsdecode(path) if isinstance(path, str | bytes) else ""
        if room >= 0:
            name = f"{Path(f'/proc/self/fd/{room}').readlink()}{os.sep}{name}"
        name = os.path.realpath(name)
        return name.startswith((self._allowed + os.sep, "/dev/null"))


def fuzz(name: str, seconds: int, single: Path | None = None) -> None:
    """Fuzz one target in this process, which libFuzzer ends."""
    sys.dont_write_bytecode = True
    import atheris

    with atheris.instrument_imports(include=WATCHED):
        from benchmarks.fuzz_targets import targets
    target = targets()[name]
    folder = BUILD / "fuzz" / name
    guard = Guard(Path(tempfile.gettempdir()))
    target.read(target.good[0])  # what is imported late is imported before anything is guarded

    def one(content: bytes) -> None:
        error: BaseException | None = None
        begin = time.process_time()
        with guard.watching():
            try:
                target.read(content)
            except Exception as raised:
                error = raised
        spent = time.process_time() - begin
        if guard.seen:
            keep(folder, f"{guard.seen[0]}", content, "".join(traceback.format_exception(error)))
        elif error is not None:
            trace = traceback.extract_tb(error.__traceback__)
            # The assertions of a target say what was expected; else the place in the code.
            ours = [one for one in trace if one.filename.startswith(str(ROOT))][-1]
            place = f"{type(error).__name__}-{Path(ours.filename).stem}-{ours.lineno}"
            keep(folder, place, content, "".join(traceback.format_exception(error)))
        elif spent > target.seconds:
            keep(folder, f"slow-{spent:.0f}s", content, f"{spent:.1f} s of a processor\n")

    if single is not None:
        one(single.read_bytes())
        return
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for at, content in enumerate(target.good):
        (corpus / f"good-{at}").write_bytes(content)

    def change(content: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if target.spoil is not None and chance.random() < 0.7:
            with contextlib.suppress(Exception):
                for _ in range(chance.randrange(1, 4)):
                    content = target.spoil(content, chance)
                return content[:most]
        return bytes(atheris.Mutate(content, most))

    options = {
        "max_total_time": seconds,
        "max_len": MOST_BYTES,
        "timeout": MOST_SECONDS,
        "rss_limit_mb": MOST_MEGABYTES,
        "print_final_stats": 1,
        "artifact_prefix": f"{folder}{os.sep}",
    }
    words = ["fuzz", *(f"-{key}={value}" for key, value in options.items()), str(corpus)]
    atheris.Setup(words, one, custom_mutator=change)
    atheris.Fuzz()


def keep(folder: Path, place: str, content: bytes, trace: str) -> None:
    """Write a finding's input and trace, unless there is one of its place."""
    path = folder / f"{re.sub(r'[^A-Za-z0-9_.-]', '_', place)}.input"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.with_suffix(".txt").write_text(trace, encoding="utf-8", errors="backslashreplace")


def findings(folder: Path) -> list[Path]:
    """Return the inputs that are kept: ours, and those over which libFuzzer itself ended."""
    kinds = ("*.input", "crash-*", "timeout-*", "oom-*")
    return sorted(path for kind in kinds for path in folder.glob(kind))


def row(name: str, seconds: float, said: str, found: int) -> str:
    """Return a target's line of the table, from what libFuzzer said."""
    runs = re.findall(r"stat::number_of_executed_units:\s+(\d+)", said)
    edges = re.findall(r"cov: (\d+)", said)
    memory = re.findall(r"stat::peak_rss_mb:\s+(\d+)", said)
    number, reached, most = (int(one[-1]) if one else 0 for one in (runs, edges, memory))
    return f"| {name} | {number:,} | {seconds:.0f} | {reached:,} | {most:,} | {found} |"


def main() -> None:
    """Fuzz the targets one after the other, print a table; exit status 1 with findings."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(NAMES))
    arguments.add_argument("--seconds", type=int, default=60, help="for each target")
    arguments.add_argument("--input", type=Path, help="try one file only")
    arguments.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if unknown := set(given.targets) - set(NAMES):
        arguments.error(f"{', '.join(sorted(unknown))}: expected some of {', '.join(NAMES)}")
    chosen = given.targets or NAMES
    if given.here:
        fuzz(chosen[0], given.seconds, given.input)
        return
    print("| target | inputs | seconds | edges reached | peak MB | findings |")
    print("|---|--:|--:|--:|--:|--:|", flush=True)
    total = 0
    for name in chosen:
        folder = BUILD / "fuzz" / name
        for path in findings(folder):
            path.unlink()  # of earlier code
        command = [sys.executable, "-m", "benchmarks.fuzz", "--here", name]
        command += ["--seconds", str(given.seconds)]
        command += ["--input", str(given.input.absolute())] if given.input else []
        since = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="fuzz") as room:
            environment = {**os.environ, "TMPDIR": room, "FMNIST_RUNS": room}
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, check=False
            )
        said = done.stderr.decode(errors="replace")
        found = findings(folder)
        print(row(name, time.monotonic() - since, said, len(found)), flush=True)
        if done.returncode and not found:
            sys.exit(f"{name} could not be fuzzed:\n{said[-3000:]}")
        for path in found:
            print(f"  {path.relative_to(ROOT)}", file=sys.stderr)
        total += len(found)
    sys.exit(total > 0)


if __name__ == "__main__":
    main()

"""Runs the benchmarks one after the other and writes RESULTS.md: `make benchmark`.

    python -m benchmarks.results [--only NAME ...]

Takes about half an hour on a machine that does nothing else; --only measures these again and keeps
what is written of the others. Every section says when and on what it was measured.
"""

import argparse
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from fmnist_core.recipes.host import hardware

RESULTS = Path(__file__).parent / "RESULTS.md"
# The quick ones first: on a machine that turns out too busy they show it soon.
COMMANDS = {
    "first page": ["benchmarks.first_page", "--rounds", "5"],
    "pages": ["benchmarks.browse"],
    "page switch and live chart": ["benchmarks.page_switch"],
    "draw to answer": ["benchmarks.classify_latency", "--strokes", "40"],
    "picture to answer": ["benchmarks.preparation"],
    "training against a plain script": ["benchmarks.training_overhead", "--rounds", "2"],
    "seconds to an accuracy": ["benchmarks.seconds_to_accuracy", "--presets", "lightning"],
    "memory while training": [
        "benchmarks.training_memory",
        "--seconds",
        "10",
        "--presets",
        "lightning",
        "compact",
        "best",
    ],
}
HEAD = """# Results

Written by `make benchmark`; what each program does is in its first lines, and what earlier machines
gave in [README.md](README.md).
"""


def section(name: str) -> str:
    """Return what a benchmark prints, with the date, the machine and the load before it began."""
    load = os.getloadavg()[0]
    command = COMMANDS[name]
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=RESULTS.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    when = datetime.now(UTC).date().isoformat()
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr.strip().splitlines()[-1]}")
    return (
        f"## {name.capitalize()}\n\n`python -m {' '.join(command)}`, {when}, {hardware()}, load "
        f"{load:.1f} before.\n\n{tidy(done.stdout)}\n"
    )


def tidy(output: str) -> str:
    """Return the output with tables as tables and everything else as it was printed."""
    parts = re.split(r"((?:^\|.*\n?)+)", output.strip(), flags=re.MULTILINE)
    shown = [
        part.strip() if part.startswith("|") else f"```\n{part.strip()}\n```"
        for part in parts
        if part.strip()
    ]
    return "\n\n".join(shown)


def written() -> dict[str, str]:
    """Return the sections that the file has, by name."""
    if not RESULTS.exists():
        return {}
    parts = re.split(r"^## ", RESULTS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    known = {name.capitalize(): name for name in COMMANDS}
    found = {part.partition("\n")[0]: f"## {part}" for part in parts}
    return {known[title]: text for title, text in found.items() if title in known}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=list(COMMANDS), default=list(COMMANDS))
    sections = written()
    for name in parser.parse_args().only:
        print(name, flush=True)
        sections[name] = section(name)
        ordered = [sections[one].strip() for one in COMMANDS if one in sections]
        RESULTS.write_text("\n\n".join([HEAD.strip(), *ordered]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

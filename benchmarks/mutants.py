"""Puts small faults into a package of the core and counts those that its tests notice.

`make mutants PACKAGE=recipes` takes 40 places, drawn with a fixed seed, where Cosmic Ray can turn a
comparison, a sum, a condition or a constant; each fault is judged by tests/core/recipes alone, in a
copy below build/. `PACKAGE=engine.queue` is one module. What lives is printed: look at it.
"""

import argparse
import contextlib
import importlib
import os
import random
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from fmnist_core.paths import BUILD, ROOT

# Without those that only make nonsense, or the same again: `==` to `is`, `+` to `<<`.
TURNED = {
    "": (
        *("AddNot", "NumberReplacer", "ZeroIterationForLoop", "ExceptionReplacer"),
        *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue"),
        *("ReplaceAndWithOr", "ReplaceOrWithAnd"),
        *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak"),
    ),
    "ReplaceUnaryOperator_": ("USub_UAdd", "Delete_Not", "Delete_Invert"),
    "ReplaceBinaryOperator_": (
        *("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul"),
        "BitAnd_BitOr",  # a union is also how a type is written
    ),
    "ReplaceComparisonOperator_": (
        *("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is"),
        *("Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
    ),
}
# What the core and its tests stand on, imported once.
LIBRARIES = ("cv2", "hypothesis", "keras", "numpy", "PIL.Image", "ai_edge_litert.interpreter")


def mutants(path: Path) -> Iterator[list[tuple[str, int]]]:
    """Yield for each place in a file the faults that fit it: an operator and its occurrence."""
    places: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    nodes = list(ast_nodes(get_ast(path.read_text(encoding="utf-8"))))
    for name in (kind + name for kind, names in TURNED.items() for name in names):
        found = [
            start
            for node in nodes
            for start, _ in get_operator(f"core/{name}")().mutation_positions(node)
        ]
        for occurrence, start in enumerate(found):
            places[start].append((name, occurrence))
    yield from (places[start] for start in sorted(places))


def counts(old: str, new: str, source: str) -> bool:
    """Return whether a changed line is a fault that tests could notice, in a file that compiles."""
    if old.startswith(("@dataclass", "if TYPE_CHECKING")) or new == old.replace("*,", "/,"):
        return False  # what is frozen, or given by its keyword, is the type checker's
    try:
        compile(source, "fault", "exec")
    except SyntaxError:
        return False
    return True


def copied(package: str) -> Path:
    """Return a fresh copy of the repository, of which only the core and its tests are copied."""
    copy = BUILD / "mutants" / package
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for path in ROOT.iterdir():
        if path.name in ("fmnist_core", "tests"):
            shutil.copytree(path, copy / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif path.name not in (".git", ".venv", "build", "runs"):
            (copy / path.name).symlink_to(path)
    return copy


def passes(copy: Path, tests: str, limit: float = 600.0) -> bool:
    """Return whether tests pass in the copy within so many seconds.

    In a fork, which need not import again what this process has imported.
    """
    child = os.fork()
    if not child:
        os.setsid()
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.chdir(copy)
        sys.path[0] = str(copy)
        for name in [name for name in sys.modules if name.split(".")[0] == "fmnist_core"]:
            del sys.modules[name]
        os._exit(int(pytest.main(["-x", "-q", "-n0", "-p", "no:cacheprovider", tests])))
    until = time.monotonic() + limit
    ended = (0, 1)
    while not ended[0] and time.monotonic() < until:
        time.sleep(0.02)
        ended = os.waitpid(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # with what a test left behind
    if not ended[0]:
        os.waitpid(child, 0)
    return ended[1] == 0


def main() -> None:
    """Print every fault that lives, then the score."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    copy = copied(arguments.package)
    where = arguments.package.replace(".", "/")
    single = (copy / "fmnist_core" / f"{where}.py").exists()
    folder, _, name = where.rpartition("/")
    tests = str(
        Path("tests/core", folder, f"test_{name}.py") if single else Path("tests/core", where)
    )
    for library in LIBRARIES:
        importlib.import_module(library)
    since = time.monotonic()
    if not passes(copy, tests):
        sys.exit(f"{tests} fails before any fault is put in.")
    limit = 20 + 10 * (time.monotonic() - since)
    files = sorted((copy / "fmnist_core").glob(f"{where}.py" if single else f"{where}/*.py"))
    pool = [(path, place) for path in files for place in mutants(path)]
    draw = random.Random(arguments.seed)
    killed = tried = 0
    for number, (path, place) in enumerate(draw.sample(pool, min(arguments.count, len(pool))), 1):
        operator, occurrence = draw.choice(place)
        before = path.read_text(encoding="utf-8")
        try:
            after = mutate_code(before, get_operator(f"core/{operator}")(), occurrence)
        except AttributeError:
            continue  # an exception with a dot in its name is beyond Cosmic Ray
        pairs = enumerate(zip(before.splitlines(), after.splitlines(), strict=False), 1)
        line, (old, new) = next((line, pair) for line, pair in pairs if len({*pair}) > 1)
        if not counts(old.strip(), new.strip(), after):
            continue
        tried += 1
        own = f"{tests}/test_{path.stem}.py"
        path.write_text(after, encoding="utf-8")
        os.utime(path, (number, number))  # else a compiled file of the same second would be taken
        if all(passes(copy, one, limit) for one in (own, tests) if (copy / one).exists()):
            print(f"{path.relative_to(copy)}:{line}\n  {old.strip()}\n  {new.strip()}", flush=True)
        else:
            killed += 1
        path.write_text(before, encoding="utf-8")
    print(
        f"{arguments.package}: {killed} of {tried} faults noticed, {killed / tried:.0%} "
        f"({len(pool)} places, seed {arguments.seed})"
    )


if __name__ == "__main__":
    main()

"""Who may import whom; each question is asked in a fresh Python."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TENSORFLOW = ("tensorflow", "keras", "torch", "jax")

IMPORT_THE_CORE = """
import importlib, json, pathlib, sys
for path in sorted(pathlib.Path("fmnist_core").rglob("*.py")):
    parts = path.with_suffix("").parts
    importlib.import_module(".".join(parts).removesuffix(".__init__"))
print(json.dumps(sorted({name.split(".")[0] for name in sys.modules})))
"""

OPEN_EVERY_PAGE = """
import json, pathlib, sys
from streamlit.testing.v1 import AppTest
from fmnist_core.engine.engine import Engine
from fmnist_core.runs.store import RunStore
from pages.shared import navigation, resources
resources.warm_up = lambda: None
Engine.start = lambda: Engine(None, RunStore())
wrong = {}
for path in sorted(pathlib.Path("pages").glob("*.py")):
    app = AppTest.from_file(str(pathlib.Path("streamlit_app.py").absolute()), default_timeout=60)
    app.session_state[navigation.SEEN] = True
    app.switch_page(str(path)).run()
    if app.exception or not app.title:
        wrong[path.name] = [error.value for error in app.exception]
resources._prepare()
modules = sorted({name.split(".")[0] for name in sys.modules})
print(json.dumps({"wrong": wrong, "modules": modules}))
"""


def answer(program: str, runs: Path) -> tuple[Any, str]:
    """What `program` prints as JSON in its last line, and its log; run from the root."""
    environment = {
        "PATH": "",
        "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),  # without it Windows opens no socket
        "PYTHONPATH": str(ROOT),
        "HOME": str(runs),
        "FMNIST_RUNS": str(runs),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_the_core_never_imports_streamlit(runs_folder: Path) -> None:
    modules, _ = answer(IMPORT_THE_CORE, runs_folder)
    assert "fmnist_core" in modules
    assert not set(modules) & {"streamlit", "pages"}


def test_tests_of_the_core_start_without_streamlit(runs_folder: Path) -> None:
    collect = (
        "import json, sys, pytest\n"
        "done = pytest.main(['tests/core', '--collect-only', '-qq', '-p', 'no:cacheprovider'])\n"
        "print()\n"
        "print(json.dumps([int(done), sorted({name.split('.')[0] for name in sys.modules})]))"
    )
    (done, modules), _ = answer(collect, runs_folder)
    assert done == 0
    assert "fmnist_core" in modules
    assert not set(modules) & {"streamlit", "pages"}


def test_no_page_imports_tensorflow_and_all_open(runs_folder: Path) -> None:
    found, log = answer(OPEN_EVERY_PAGE, runs_folder)
    assert found["wrong"] == {}, log[-3000:]
    assert {"streamlit", "plotly", "cv2", "ai_edge_litert"} <= set(found["modules"])
    assert not set(found["modules"]) & set(TENSORFLOW)


# What each package or module of the core may import of the others, top to bottom.
CORE: dict[str, set[str]] = {
    "paths": set(),
    "translation": {"paths"},
    "wording": set(),
    "files": {"paths"},
    "shapes": set(),
    "tasks": {"files"},
    "recipes": set(),
    "litert": {"files"},
    "preprocessing": {"files", "litert", "paths"},
    "data": {"files", "paths"},
    "augmentation": {"recipes"},
    "runs": {"files", "paths", "recipes"},
    "models": {"data", "files", "litert", "paths", "preprocessing", "recipes", "runs", "tasks"},
    "evaluation": {"data", "files", "models", "preprocessing", "runs", "tasks"},
    "explanations": {"data", "models", "recipes", "tasks"},
    "figures": {"data", "evaluation", "explanations", "recipes", "runs", "sweeps", "wording"},
    "training": {"augmentation", "data", "files", "models", "recipes", "runs", "tasks"},
    "guide": {"evaluation", "files", "recipes", "runs", "wording"},
    "engine": {"files", "models", "paths", "recipes", "runs", "training", "wording"},
    "boards": {"files", "recipes", "runs"},
    "exports": {
        "data",
        "evaluation",
        "files",
        "models",
        "paths",
        "preprocessing",
        "recipes",
        "runs",
        "tasks",
        "training",
        "wording",
    },
    "sweeps": {"engine", "files", "paths", "recipes", "runs"},
}
LIBRARY = set(CORE)
CORE["release"] = LIBRARY - {"boards", "exports", "figures", "guide"}
CORE["commands"] = CORE["__main__"] = {
    *LIBRARY - {"boards", "figures", "guide"},
    "release",
    "commands",
}


def imported(path: Path, root: str) -> set[str]:
    """What stands below `root` in all imports of a file, those inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == root:
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{root}."):
            names.add(str(node.module).removeprefix(f"{root}."))
        elif isinstance(node, ast.Import):
            names |= {
                alias.name.removeprefix(f"{root}.")
                for alias in node.names
                if alias.name.startswith(f"{root}.")
            }
    return names


def test_packages_of_the_core_import_only_what_stands_below_them() -> None:
    wrong = []
    for path in sorted((ROOT / "fmnist_core").rglob("*.py")):
        inside = path.relative_to(ROOT / "fmnist_core")
        package = inside.parts[0].removesuffix(".py")
        if package == "__init__":
            continue
        found = {name.split(".")[0] for name in imported(path, "fmnist_core")}
        allowed = CORE[package] | {package, "shapes", "translation"}
        wrong += [f"{inside}: {name}" for name in sorted(found - allowed)]
        assert not imported(path, "pages"), inside
    assert wrong == []


def test_pages_sections_shared_and_components_stand_above_each_other() -> None:
    wrong = []
    for path in sorted((ROOT / "pages").rglob("*.py")):
        inside = path.relative_to(ROOT / "pages")
        screen = inside.parts[1] if inside.parts[0] == "sections" else inside.stem
        allowed = ["components"]
        if inside.parts[0] != "components":
            allowed.append("shared")
        if inside.parts[0] not in ("components", "shared"):
            allowed.append(f"sections.{screen}")
        wrong += [
            f"{inside}: {name}"
            for name in sorted(imported(path, "pages"))
            if not any(name == room or name.startswith(f"{room}.") for room in allowed)
        ]
        programs = {"release", "commands", "__main__"}
        assert not programs & {name.split(".")[0] for name in imported(path, "fmnist_core")}, inside
    assert wrong == []

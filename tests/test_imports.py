"""Who may import whom; each question is asked in a fresh Python."""

import json
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


def test_no_page_imports_tensorflow_and_all_open(runs_folder: Path) -> None:
    found, log = answer(OPEN_EVERY_PAGE, runs_folder)
    assert found["wrong"] == {}, log[-3000:]
    assert {"streamlit", "plotly", "cv2", "ai_edge_litert"} <= set(found["modules"])
    assert not set(found["modules"]) & set(TENSORFLOW)

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from PIL import Image

from fmnist_core.exports import notebook as made
from fmnist_core.exports import run_cells
from fmnist_core.exports.formats import ExportError
from fmnist_core.exports.notebook import notebook
from fmnist_core.models import catalogue
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import EpochRow
from fmnist_core.runs.store import RunStore


def test_a_notebook_was_run_and_says_the_accuracy_of_the_card() -> None:
    model = catalogue.find("lightning")
    found = nbformat.reads(notebook(str(model.folder)).decode(), 4)
    nbformat.validate(found)
    code = [cell for cell in found.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    heads = [cell.source.split("\n")[0] for cell in found.cells if cell.cell_type == "markdown"]
    assert heads == ["# Lightning", "## Data", "## The network", "## The test images"]
    said = "".join(output.get("text", "") for cell in code for output in cell.outputs)
    accuracy = re.search(r"([\d.]+)% of 10,000 test images are right", said)
    assert accuracy
    assert float(accuracy[1]) == pytest.approx(
        100 * json.loads((model.folder / "card.json").read_text())["test_accuracy"], abs=0.02
    )
    assert "image/png" in code[-1].outputs[-1].data


def test_a_notebook_names_the_epoch_that_was_kept(tmp_path: Path) -> None:
    recipe = Recipe(layers=(Flatten(), Dense(units=10)), validation_examples=500)
    run = RunStore(tmp_path).create(recipe, "visitor")
    model = catalogue.Model(run.id, recipe.name, run.folder, recipe)
    assert made._trained(model).startswith("## The network\n\nWithout the trained file")
    for epoch, accuracy in enumerate((None, 0.0, 0.25, 0.25, 0.125), 1):
        run.append(EpochRow(epoch=epoch, val_accuracy=accuracy))
    assert (
        "It was trained for 5 epochs; epoch 3 was right on 25.00% of 500 validation images"
    ) in made._trained(model)


def test_a_visitors_title_is_no_markup() -> None:
    assert made._plain("Mein *1.* <b>Übung-Netz</b> (50%)") == "Mein  1.   b Übung-Netz  b  (50%)"


def test_a_cell_that_fails_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "_LOAD", "raise OSError('no data')")
    with pytest.raises(ExportError, match=r"a cell failed \(OSError: no data\)"):
        notebook(str(catalogue.find("lightning").folder))


def test_cells_share_their_names_and_show_their_last_value(tmp_path: Path) -> None:
    cells = ["x = 20\nprint('hello')", "x + 1", "x;None"]
    (tmp_path / "cells.json").write_text(json.dumps(cells))
    subprocess.run(
        [sys.executable, "-I", run_cells.__file__, "cells.json"], cwd=tmp_path, check=True
    )
    first, second, third = json.loads((tmp_path / "outputs.json").read_text())
    assert first == [{"output_type": "stream", "name": "stdout", "text": "hello\n"}]
    assert second[0]["data"] == {"text/plain": "21"}
    assert third == []


def test_only_a_picture_is_shown_as_one() -> None:
    for value in (SimpleNamespace(mode="RGB"), SimpleNamespace(save=print)):
        assert run_cells.shown(value) == {"text/plain": repr(value)}
    assert list(run_cells.shown(Image.new("L", (2, 2)))) == ["text/plain", "image/png"]

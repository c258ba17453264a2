"""Runs a notebook's cells one after another and keeps what they show: python run_cells.py CELLS

Stands alone, for a process of its own. CELLS is a JSON list of sources; what is written to
`outputs.json` in the working folder has a list of notebook outputs for each.
"""

import ast
import base64
import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any


def shown(value: object) -> dict[str, str]:
    """Return what a notebook shows of a cell's last value, by MIME type."""
    found = {"text/plain": repr(value)}
    if hasattr(value, "save") and hasattr(value, "mode"):  # a Pillow image
        content = io.BytesIO()
        value.save(content, "PNG")
        found["image/png"] = base64.b64encode(content.getvalue()).decode()
    return found


def run(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """Run a cell in `names` and return its outputs, as nbformat 4 has them."""
    tree, last = ast.parse(source), None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)  # type: ignore[attr-defined]
    said, value = io.StringIO(), None
    with contextlib.redirect_stdout(said):
        exec(compile(tree, f"cell {number}", "exec"), names)
        if last is not None:
            value = eval(compile(last, f"cell {number}", "eval"), names)
    outputs: list[dict[str, Any]] = []
    if said.getvalue():
        outputs.append({"output_type": "stream", "name": "stdout", "text": said.getvalue()})
    if value is not None:
        result = {"output_type": "execute_result", "execution_count": number, "metadata": {}}
        outputs.append({**result, "data": shown(value)})
    return outputs


if __name__ == "__main__":
    cells = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    names: dict[str, Any] = {"__name__": "notebook", "__doc__": ""}
    outputs = [run(source, names, number) for number, source in enumerate(cells, 1)]
    Path("outputs.json").write_text(json.dumps(outputs), encoding="utf-8")

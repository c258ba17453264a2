"""Say what is on pictures: the same steps as on the Classify page."""

import argparse
from pathlib import Path
from typing import Any

from fmnist_core.commands.common import CommandError, add_model, content_of, open_model
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.models.out_of_distribution import UNLIKE, judge
from fmnist_core.models.voting import UNSURE, classify
from fmnist_core.preprocessing.item import Item
from fmnist_core.preprocessing.open_picture import MAX_BYTES, NAMES, PictureError, open_picture
from fmnist_core.preprocessing.prepare import prepare


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add MODEL, FILE... and `--kind`."""
    add_model(parser)
    parser.add_argument("files", metavar="FILE", nargs="+", help=f"{NAMES} pictures")
    parser.add_argument(
        "--kind",
        choices=("auto", "drawing", "photo", "dataset"),
        default="auto",
        help="how to read them (default: decide for each picture)",
    )


def _read(file: str, kind: Any) -> Item:  # noqa: ANN401 - argparse has checked the choice
    content = content_of(Path(file), MAX_BYTES)
    try:
        item = prepare(open_picture(content), kind)
    except PictureError as error:
        raise CommandError(f"{file}: {error}") from None
    if item.empty:
        raise CommandError(f"{file}: no item was found on this picture.")
    return item


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return for each file, in the order given, its label, all ten probabilities and the doubts.

    A label is `sure` when it is likelier right than wrong and the picture is like an item at all;
    `reason` says why it is not, in the words of the Classify page.
    """
    items = [_read(file, arguments.kind) for file in arguments.files]
    model, classifier = open_model(arguments)
    rows = []
    for file, item in zip(arguments.files, items, strict=True):
        probabilities, _ = classify(item, classifier)
        verdict = judge(item)
        likely = float(probabilities.max()) >= UNSURE
        rows.append(
            {
                "file": file,
                "label": CLASS_NAMES[int(probabilities.argmax())],
                "kind": item.kind,
                "probabilities": dict(zip(CLASS_NAMES, map(float, probabilities), strict=True)),
                "sure": likely and not verdict.out_of_distribution,
                "out_of_distribution": verdict.out_of_distribution,
                "reason": verdict.reason,
                "notes": item.notes,
            }
        )
    return {"model": model.name, "files": rows}


def show(result: dict[str, Any]) -> str:
    """Return a line for each file with its two most probable classes, and one for each doubt."""
    lines = []
    for row in result["files"]:
        best = sorted(row["probabilities"].items(), key=lambda pair: -pair[1])[:2]
        answers = ", ".join(f"{name} {share:.1%}" for name, share in best)
        perhaps = "" if row["sure"] else "perhaps "
        lines.append(f"{row['file']}: {perhaps}{answers} (read as {row['kind']})")
        if row["out_of_distribution"]:
            lines.append(f"  {UNLIKE}. The likeliest reason: {row['reason']}")
        lines += [f"  {note}" for note in row["notes"]]
    return "\n".join(lines)

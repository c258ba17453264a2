"""The app's verbs on the command line: `python -m fmnist_core --help`."""

import json
import os
import sys
import traceback
from collections.abc import Sequence

# Before anything imports TensorFlow: its own log lines would bury the progress.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from fmnist_core.commands import FORMER, VERBS
from fmnist_core.commands.common import CommandError, Parser, add_json
from fmnist_core.data.atlas import AtlasError
from fmnist_core.data.fashion_mnist import DatasetError
from fmnist_core.evaluation.real_pictures import RealPicturesError
from fmnist_core.exports.formats import ExportError
from fmnist_core.litert import InferenceError
from fmnist_core.models.card import CardError
from fmnist_core.models.catalogue import ModelError
from fmnist_core.preprocessing.open_picture import PictureError
from fmnist_core.recipes.options import RecipeError
from fmnist_core.release.atlas.out_of_fold import FoldError
from fmnist_core.release.photos import PhotosError
from fmnist_core.release.zoo import ZooError
from fmnist_core.runs.mirror import MirrorError
from fmnist_core.runs.status import RunError
from fmnist_core.sweeps.ranges import SweepError

# Everything that the core raises for its user is a sentence already.
SENTENCES = (
    CardError,
    CommandError,
    DatasetError,
    ExportError,
    RealPicturesError,
    FoldError,
    InferenceError,
    MirrorError,
    ModelError,
    PictureError,
    RecipeError,
    RunError,
    AtlasError,
    PhotosError,
    SweepError,
    ZooError,
)


def parser() -> Parser:
    """Return the parser of all verbs."""
    found = Parser(prog="python -m fmnist_core", description="Fashion-MNIST Lab")
    found.add_argument("--json", action="store_true", help="print JSON instead of text")
    verbs = found.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=Parser)
    for name, module in VERBS.items():
        words, former = module.__doc__, FORMER.get(name, [])
        verb = verbs.add_parser(name, help=words, description=words, aliases=former)
        verb.set_defaults(module=module)
        add_json(verb)
        module.arguments(verb)
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Run one verb; return 0, or 2 after one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        # A file name may hold what the terminal cannot show.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        arguments = parser().parse_args(words)
        result = arguments.module.run(arguments)
        if not arguments.json:
            text = arguments.module.show(result)
        else:
            rows = result if isinstance(result, list) else [result]
            text = "\n".join(json.dumps(row) for row in rows)
        print(text, flush=True)  # noqa: T201 - printing is what this is for
    except SENTENCES as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _fail("Stopped from the keyboard.", 130)
    except Exception as error:
        # Ours to mend, so its place can be seen, but never a surprise on the user's screen.
        if os.environ.get("FMNIST_TRACEBACK"):
            traceback.print_exc()
        return _fail(f"{type(error).__name__}: {error} (FMNIST_TRACEBACK=1 shows where).")
    return 0


def _fail(sentence: str, status: int = 2) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)  # noqa: T201 - printing is what this is for
    return status


if __name__ == "__main__":
    sys.exit(main())

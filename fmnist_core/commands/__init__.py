"""The verbs of the command line, one file each.

A verb is a module with a one-sentence docstring (its help), `arguments(parser)`, `run(arguments)`
returning one JSON object (a dict) or several (a list of dicts), and `show(result)` returning that
as text for people. Adding a verb is writing that file and naming it here.
"""

from types import ModuleType

from fmnist_core.commands import (
    atlas,
    data,
    evaluate,
    expected_curves,
    export,
    predict,
    presets,
    real_pictures,
    robustness,
    runs,
    sweep,
    train,
    zoo,
)

VERBS: dict[str, ModuleType] = {
    "data": data,
    "presets": presets,
    "train": train,
    "sweep": sweep,
    "evaluate": evaluate,
    "predict": predict,
    "export": export,
    "runs": runs,
    "real-pictures": real_pictures,
    "robustness": robustness,
    "zoo": zoo,
    "atlas": atlas,
    "expected-curves": expected_curves,
}
# Names that verbs had before.
FORMER = {"real-pictures": ["field"]}

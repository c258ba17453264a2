"""A bundle made elsewhere -> a run: only its recipe and its plain weights are ever read."""

import io
import json
import zipfile
import zlib

from fmnist_core import files
from fmnist_core.recipes import host
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import LONGEST_JSON, Recipe
from fmnist_core.runs.run import IMPORTED, Run
from fmnist_core.runs.status import RunError
from fmnist_core.runs.store import RunStore
from fmnist_core.translation import say

MOST_BYTES = 60_000_000
MOST_MEMBERS = 200
_HEADER_BYTES = 100_000
# What zipfile raises on damaged archives.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
)
_RECIPE, _WEIGHTS = "-recipe.json", ".safetensors"


def import_bundle(content: bytes, store: RunStore, visitor: str) -> Run:
    """Return a new run of the visitor's with a bundle's recipe and weights, not yet submitted.

    Training such a run is measuring it. Raises RunError, in one sentence, for what is no bundle,
    is larger than this host allows, or whose weights are not as many as its recipe's.
    """
    recipe_file, weights = _members(content)
    try:
        recipe = Recipe.from_json(recipe_file)
        recipe.check(host.current())
    except (RecipeError, UnicodeDecodeError) as error:
        raise RunError(say("The bundle's recipe is refused. {error}", error=error)) from None
    count = _count(weights)
    if count != recipe.parameters:
        raise RunError(
            say(
                "The bundle has {count:,} weights; its recipe's network has {expected:,}.",
                count=count,
                expected=recipe.parameters,
            )
        )
    run = store.create(recipe, visitor)
    with files.replacing(run.folder / IMPORTED) as stream:
        stream.write(weights)
    return run


def _members(content: bytes) -> tuple[bytes, bytes]:
    if len(content) > MOST_BYTES:
        raise RunError(say("The bundle is larger than {size} MB.", size=MOST_BYTES // 10**6))
    # Counted here, because zipfile makes an object of each of a million entries before it says so.
    if content.count(b"PK\1\2") > MOST_MEMBERS:
        raise RunError(say("The archive has too many files to be a bundle."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            found = []
            for ending, most in ((_RECIPE, LONGEST_JSON), (_WEIGHTS, MOST_BYTES)):
                fitting = [one for one in members if one.filename.endswith(ending)]
                if len(fitting) != 1:
                    raise RunError(
                        say(
                            "The archive has {count} files *{ending}; a bundle made by “Make the "
                            "bundle” on the Evaluate page has one.",
                            count=len(fitting),
                            ending=ending,
                        )
                    )
                if fitting[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    # The head of an LZMA stream may ask for gigabytes.
                    raise RunError(say("The archive is packed in another way than a bundle."))
                with archive.open(fitting[0]) as stream:
                    # What a header says of a size may be a lie: no more than this is unpacked.
                    part = stream.read(most + 1)
                if len(part) > most:
                    raise RunError(say("{file} is too large.", file=fitting[0].filename[-40:]))
                found.append(part)
    except _DAMAGE as error:
        raise RunError(
            say("The file is no archive that can be read: {error}.", error=str(error)[:80])
        ) from None
    return found[0], found[1]


def _count(weights: bytes) -> int:
    """Return how many numbers a safetensors file says it has, of the size it really has."""
    length = int.from_bytes(weights[:8], "little")
    problem = RunError(say("The bundle's weights are no safetensors file."))
    if length > min(_HEADER_BYTES, len(weights) - 8):
        raise problem
    try:
        header = json.loads(weights[8 : 8 + length])
        kinds = {one["dtype"] for key, one in header.items() if key != "__metadata__"}
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError):
        raise problem from None
    size = len(weights) - 8 - length
    if kinds != {"F32"} or size % 4:
        raise problem
    return size // 4

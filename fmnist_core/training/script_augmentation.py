"""The augmentation code for a stand-alone script: this package's own source, less what is off.

Of `augment.py` it takes the functions that are called, of the others all but docstring and
imports. So these files import nothing but NumPy, OpenCV, NamedTuple, Callable and Sequence from
outside, only names from each other, and no two give the same name to different things.
"""

import ast
import inspect
import textwrap
from dataclasses import fields
from functools import cache
from types import ModuleType

from fmnist_core.augmentation import (
    augment,
    clothes,
    outlines,
    rendering,
    shoes,
    synthetic,
    wardrobe,
    warping,
)
from fmnist_core.recipes.recipe import Augmentation

# Each needs only those before it.
_FIELD_MODULES = (
    outlines,
    clothes,
    shoes,
    wardrobe,
    warping,
    rendering,
    synthetic,
)


def augmentation_source(chosen: Augmentation) -> str:
    """Return Python source that defines `AUGMENTATION` and `augment`, which takes it.

    It is the source that trains here, without the branches and functions of options that are off;
    it needs `np`, `cv2` and `NamedTuple` in scope.
    """
    on = {item.name for item in fields(chosen) if getattr(chosen, item.name)}
    pieces = _functions(augment)
    text = _without_off(pieces.pop("augment"), on)
    # Helpers come in the order of the module, and only those that are still called.
    used = [source for name, source in pieces.items() if f"{name}(" in text]
    code = "\n\n\n".join(part.strip("\n") for part in (text, *used))
    parts = [_options(chosen, code), code]
    if chosen.field:
        parts += [_body(module) for module in _FIELD_MODULES]
    return "\n\n\n".join(part.strip("\n") for part in parts)


def _options(chosen: Augmentation, code: str) -> str:
    """Return the options that `code` reads, as a class of constants."""
    lines = ["SIDE = 28", "", "", "class Augmentation(NamedTuple):"]
    doc = (chosen.__doc__ or "").split("\n")[0]
    lines += [f'    """{doc}"""', ""]
    for name, option in chosen.options().items():
        if f"augmentation.{name}" in code:
            value = getattr(chosen, name)
            lines.append(f"    {name}: {type(value).__name__} = {value!r}  # {option.help}")
    return "\n".join([*lines, "", "", "AUGMENTATION = Augmentation()"])


def _functions(module: ModuleType) -> dict[str, str]:
    return {
        name: inspect.getsource(function)
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__
    }


def _without_off(source: str, on: set[str]) -> str:
    """Return `augment` without the `if augmentation.x:` blocks whose options are all off."""
    tree = ast.parse(textwrap.dedent(source))
    lines = source.splitlines()
    dropped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If):
            options = {
                part.attr
                for part in ast.walk(node.test)
                if isinstance(part, ast.Attribute)
                and isinstance(part.value, ast.Name)
                and part.value.id == "augmentation"
            }
            if options and not options & on:
                dropped.update(range(node.lineno - 1, node.end_lineno or node.lineno))
    return "\n".join(line for at, line in enumerate(lines) if at not in dropped)


@cache
def _body(module: ModuleType) -> str:
    """Return a module's source from behind its docstring and imports."""
    source = inspect.getsource(module)
    above = (ast.Expr, ast.Import, ast.ImportFrom)
    end = max(node.end_lineno or 0 for node in ast.parse(source).body if isinstance(node, above))
    return "\n".join(source.splitlines()[end:])

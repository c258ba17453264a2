"""Opens LiteRT networks: read once, checked against their digest, shared by threads."""

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core import files

_THREADS = min(4, os.cpu_count() or 1)


class InferenceError(Exception):
    """The model file or the images cannot be used; the message says why and what to do."""


class Network:
    """One .tflite file, called with its inputs by name; may be shared by threads.

    The file is read once, checked against `sha256` when that is given, and never read again.
    `inputs` and `outputs` hold the shape of each by name, -1 for any number. Raises
    InferenceError when the file is missing, altered, or no LiteRT network.
    """

    def __init__(self, path: Path, sha256: str | None = None) -> None:
        content = _read_checked(path, sha256)
        # An interpreter works on buffers of its own: one call at a time.
        self._lock = threading.Lock()
        # 0.2 s to import, so only when a network is really opened.
        from ai_edge_litert.interpreter import Interpreter

        try:
            self._interpreter = Interpreter(model_content=content, num_threads=_THREADS)
            self._run: Any = self._interpreter.get_signature_runner()
            self.inputs = _shapes(self._run.get_input_details())
            self.outputs = _shapes(self._run.get_output_details())
        except (ValueError, RuntimeError, IndexError) as error:
            raise InferenceError(f"{path} is not a LiteRT network: {error}.") from None

    def __call__(self, **inputs: np.ndarray) -> dict[str, np.ndarray]:
        """Return the outputs by name."""
        with self._lock:
            found: dict[str, np.ndarray] = self._run(**inputs)
        return found


def open_shipped(path: Path) -> Network:
    """Return a network of `assets/`, checked against the digest that `write` left beside it."""
    return Network(path, digest_of(path))


def digest_of(path: Path) -> str:
    """Return the SHA-256 beside a network's file; empty, which no file has, when there is none."""
    return files.text(files.read_json(path.with_suffix(".json")) or {}, "sha256")


def write(path: Path, content: bytes) -> None:
    """Write a network and, beside it, its digest."""
    with files.replacing(path) as stream:
        stream.write(content)
    files.write_json(path.with_suffix(".json"), {"sha256": files.digest(content)})


def _shapes(details: dict[str, Any]) -> dict[str, list[int]]:
    return {name: [int(n) for n in found["shape_signature"]] for name, found in details.items()}


def _read_checked(path: Path, sha256: str | None) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InferenceError(f"{path} cannot be read: {error.strerror}.") from None
    if sha256 is not None and (wrong := files.altered(content, sha256)):
        raise InferenceError(
            f"{path} is not the file its card describes: {wrong}. Restore it from the repository."
        )
    return content

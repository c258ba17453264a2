"""Spreads slow work on pictures over all cores."""

import multiprocessing
from collections.abc import Callable, Sequence
from typing import TypeVar

import cv2

Given = TypeVar("Given")
Found = TypeVar("Found")


def spread(one: Callable[[Given], Found], given: Sequence[Given]) -> list[Found]:
    """Return what `one`, a function of a module, makes of each thing given, in their order."""
    # Not forked: OpenCV's threads would be left behind, and the first picture wait for them.
    fresh = multiprocessing.get_context("spawn")
    with fresh.Pool(initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        return list(pool.imap(one, given, chunksize=16))

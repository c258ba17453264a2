"""Run a model on the 10,000 test images and say how well it does."""

import argparse
import time
from typing import Any

import numpy as np

from fmnist_core.commands.common import add_model, open_model, progress
from fmnist_core.data.fashion_mnist import CLASS_NAMES, load
from fmnist_core.evaluation import metrics

CHUNK = 2000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add MODEL and `--runs DIR`."""
    add_model(parser)


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return accuracy with its 95 % interval, loss in nats, recall per class, and seconds."""
    model, classifier = open_model(arguments)
    test = load("test")
    start = time.perf_counter()
    parts = []
    for first in range(0, len(test), CHUNK):
        parts.append(classifier.probabilities(test.images[first : first + CHUNK]))
        progress(f"{min(first + CHUNK, len(test)):,} of {len(test):,} test images")
    seconds = time.perf_counter() - start
    found = metrics.evaluate(np.concatenate(parts), test.labels)
    return {
        "model": model.name,
        "title": model.title,
        "test_accuracy": found.accuracy,
        "test_interval": list(found.interval),
        "test_loss": found.loss,
        "test_examples": found.examples,
        "parameters": model.parameters,
        "seconds": round(seconds, 3),
        "recall": {
            name: score.recall for name, score in zip(CLASS_NAMES, found.per_class, strict=True)
        },
    }


def show(result: dict[str, Any]) -> str:
    """Return accuracy and loss, then a line for each class."""
    low, high = result["test_interval"]
    lines = [
        f"{result['title']}, {result['parameters']:,} parameters",
        f"test accuracy {result['test_accuracy']:.2%} of {result['test_examples']:,} images "
        f"(95 % interval {low:.2%} to {high:.2%}), loss {result['test_loss']:.4f}, "
        f"{result['seconds']:.1f} s",
    ]
    lines += [f"{name:<12} {recall:7.1%} found" for name, recall in result["recall"].items()]
    return "\n".join(lines)

"""Makes the precomputed files of the map and of the label detective."""

import json
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core import files
from fmnist_core.data import atlas, duplicates, label_issues, projection
from fmnist_core.data.fashion_mnist import load
from fmnist_core.paths import BUILD
from fmnist_core.recipes.host import hardware
from fmnist_core.release.atlas import out_of_fold, tsne
from fmnist_core.release.atlas.tsne import Report

WORKSHOP = BUILD / "atlas"
NEIGHBOURS = 90  # three times the perplexity
NEAR = 18.0  # grey levels; most pairs farther apart than this are two products


def make(what: Iterable[str], folder: Path, report: Report) -> dict[str, Any]:
    """Make files of MAKERS in `folder`; return what is known of each, and keep it in about.json."""
    folder.mkdir(parents=True, exist_ok=True)
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    made = {name: {**MAKERS[name](folder, report), "hardware": hardware()} for name in what}
    known = files.read_json(folder / "about.json") or {}
    text = json.dumps({**known, **made}, indent=2, sort_keys=True)
    (folder / "about.json").write_text(text + "\n", encoding="utf-8")
    return made


def _reduced() -> np.ndarray:
    """Return float32 (70000, 50): the images on their first principal components."""
    pixels = atlas.pictures(np.arange(atlas.ITEMS)).reshape(atlas.ITEMS, -1)
    return projection.components(pixels, tsne.COMPONENTS).project(pixels)


def _neighbours(places: np.ndarray, report: Report) -> tuple[np.ndarray, np.ndarray]:
    """Return each image's nearest ones in the `_reduced` space, found once and kept."""
    kept = WORKSHOP / "neighbours.npz"
    if not kept.exists():
        found, distances = tsne.neighbours(places, NEIGHBOURS, report)
        np.savez(kept, found=found, distances=distances)
    with np.load(kept, allow_pickle=False) as archive:
        return archive["found"], archive["distances"]


def make_layouts(folder: Path, report: Report) -> dict[str, Any]:
    """Write layouts.npz: t-SNE and the first two principal components of the pixels."""
    places = _reduced()
    embedding = tsne.tsne(places, *_neighbours(places, report), report)
    pixels = atlas.pictures(np.arange(atlas.ITEMS)).reshape(atlas.ITEMS, -1)
    components = projection.components(pixels, 2)
    projected = components.project(pixels)
    frame = projection.Frame.around(projected)
    np.savez_compressed(
        folder / "layouts.npz",
        tsne=projection.Frame.around(embedding).quantised(embedding),
        pca=frame.quantised(projected),
        mean=components.mean,
        axes=components.axes,
        share=components.share,
        center=frame.center,
        reach=np.float64(frame.reach),
    )
    return {
        "method": f"t-SNE on {tsne.COMPONENTS} principal components of the pixels, exact "
        f"neighbours, perplexity {tsne.PERPLEXITY}, "
        f"{tsne.EARLY_ITERATIONS} + {tsne.ITERATIONS} iterations",
        "seed": tsne.SEED,
        "library": f"openTSNE {version('openTSNE')}",
    }


def make_duplicates(folder: Path, report: Report) -> dict[str, Any]:
    """Write duplicates.npz: all pairs of images that differ by at most `NEAR` grey levels."""
    found, distances = _neighbours(_reduced(), report)
    # From lengths over all 784 pixels to root mean square differences. Projecting never moves
    # images apart, so a pair that near is among the neighbours that near, if there is room.
    near = distances / 28 <= NEAR
    one, which = np.nonzero(near)
    candidates = np.stack([one, found[one, which]], 1)
    pairs = duplicates.find(atlas.pictures(np.arange(atlas.ITEMS)), candidates, NEAR)
    np.savez_compressed(folder / "duplicates.npz", items=pairs.items, distances=pairs.distances)
    return {
        "method": f"all pixels compared, up to {NEAR:g} grey levels (root mean square)",
        "pairs": len(pairs.items),
        "images_whose_pairs_may_be_incomplete": int(near[:, -1].sum()),
    }


def make_answers(folder: Path, report: Report) -> dict[str, Any]:
    """Write answers.npz: out-of-fold probabilities of five networks."""
    train, test = load("train"), load("test")
    found = out_of_fold.judge(train, test, WORKSHOP, report)
    np.savez_compressed(folder / "answers.npz", probabilities=found)
    return {
        "method": f"{out_of_fold.FOLDS} networks by the recipe Lightning, {out_of_fold.EPOCHS} "
        "epochs, each trained on four fifths of the training images; the test images get the mean "
        "of all",
        "folds": out_of_fold.FOLDS,
        "epochs": out_of_fold.EPOCHS,
        "seed": "0 for the folds, 0 to 4 for the networks",
        "train_accuracy": float((found[: len(train)].argmax(1) == train.labels).mean()),
        "test_accuracy": float((found[len(train) :].argmax(1) == test.labels).mean()),
        "library": f"Keras {version('keras')}",
    }


def make_labels(folder: Path, _: Report) -> dict[str, Any]:
    """Write labels.npz: confident learning on answers.npz."""
    with np.load(folder / "answers.npz", allow_pickle=False) as archive:
        probabilities = archive["probabilities"].astype(np.float64)
    arrays, counts = {}, {}
    for split, part in (("train", slice(0, atlas.TRAIN)), ("test", slice(atlas.TRAIN, None))):
        found = label_issues.find(probabilities[part], load(split).labels)
        arrays[f"{split}_quality"] = found.quality
        arrays[f"{split}_issue"] = found.issue
        arrays[f"{split}_joint"] = found.joint
        counts[f"{split}_issues"] = int(found.issue.sum())
    np.savez_compressed(folder / "labels.npz", allow_pickle=False, **arrays)
    order = label_issues.ranking(arrays["train_quality"])
    known = np.array(label_issues.KNOWN_WRONG)
    return {
        "method": "self-confidence and pruning by noise rate, cleanlab's defaults",
        "library": f"cleanlab {version('cleanlab')}",
        **counts,
        "known_wrong": len(known),
        "average_precision": label_issues.average_precision(order, known),
        "ranks": sorted(int(rank) + 1 for rank in np.flatnonzero(np.isin(order, known))),
    }


MAKERS: dict[str, Callable[[Path, Report], dict[str, Any]]] = {
    "layouts": make_layouts,
    "duplicates": make_duplicates,
    "answers": make_answers,
    "labels": make_labels,
}

"""Makes the precomputed layout of the map: exact nearest neighbours, then t-SNE."""

from collections.abc import Callable

import numpy as np

BLOCK = 1000  # one block of distances to 70,000 images takes 280 MB
COMPONENTS = 50  # as van der Maaten and Hinton did before t-SNE
PERPLEXITY = 30
EARLY_ITERATIONS, ITERATIONS = 200, 400
SEED = 0

Report = Callable[[str], None]


def neighbours(
    places: np.ndarray, count: int, report: Report = lambda _: None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the `count` nearest other items of each of the float32 (n, d) `places`, exactly.

    The answer is indices, int32 (n, count), nearest first, and Euclidean distances, float32.
    """
    squares = (places**2).sum(1)
    found = np.empty((len(places), count), np.int32)
    distances = np.empty((len(places), count), np.float32)
    for start in range(0, len(places), BLOCK):
        rows = np.arange(start, min(start + BLOCK, len(places)))
        apart = squares[rows, None] + squares - 2 * (places[rows] @ places.T)
        apart[np.arange(len(rows)), rows] = np.inf
        near = np.argpartition(apart, count - 1, axis=1)[:, :count]
        apart = np.take_along_axis(apart, near, 1)
        order = np.argsort(apart, axis=1, kind="stable")
        found[rows] = np.take_along_axis(near, order, 1)
        distances[rows] = np.sqrt(np.take_along_axis(apart, order, 1).clip(0))
        if start % (10 * BLOCK) == 0:
            report(f"neighbours of {rows[-1] + 1:,} of {len(places):,} images")
    return found, distances


def tsne(
    places: np.ndarray,
    indices: np.ndarray,
    distances: np.ndarray,
    report: Report = lambda _: None,
    *,
    perplexity: float = PERPLEXITY,
    iterations: int = ITERATIONS,
    jobs: int = 1,
) -> np.ndarray:
    """Return float32 (n, 2): the items laid out so that neighbours stay neighbours.

    t-SNE (van der Maaten and Hinton 2008) by openTSNE, begun at the first two of the `places`'
    principal components, with the neighbours that `neighbours` found for them.
    """
    # Only whoever makes the map needs openTSNE: it is in requirements-dev.txt.
    from openTSNE import TSNEEmbedding, affinity, initialization, nearest_neighbors

    known = nearest_neighbors.PrecomputedNeighbors(indices.astype(np.int64), distances)
    affinities = affinity.PerplexityBasedNN(
        knn_index=known, perplexity=perplexity, n_jobs=jobs, random_state=SEED
    )
    embedding = TSNEEmbedding(
        initialization.rescale(places[:, :2].astype(np.float64), target_std=1e-4),
        affinities,
        negative_gradient_method="fft",
        n_jobs=jobs,
        random_state=SEED,
    )

    def tell(iteration: int, error: float, _: np.ndarray) -> None:
        report(f"t-SNE: {iteration} iterations, divergence {error:.3f}")

    options = {"callbacks": tell, "callbacks_every_iters": 50}
    early = embedding.optimize(n_iter=EARLY_ITERATIONS, exaggeration=12, momentum=0.5, **options)
    return np.asarray(early.optimize(n_iter=iterations, momentum=0.8, **options), np.float32)

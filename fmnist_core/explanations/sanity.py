"""Does a map depend on what the network has learned? (Adebayo et al. 2018)

A network with random weights must give another map; if it gives the same, the map shows the image
and not the network. arXiv:1810.03292: compared by rank correlation of absolute values.
"""

import numpy as np


def ranks(values: np.ndarray) -> np.ndarray:
    """Return the rank of each value, 0 for the smallest; equal values share their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts + 1) / 2)[inverse].astype(np.float64)


def rank_correlation(first: np.ndarray, second: np.ndarray, image: np.ndarray) -> float | None:
    """Return Spearman's correlation of two maps' absolute values, -1 to 1, on the item's pixels.

    All three are (28, 28). Background is left out: most methods give zero there for any network,
    and that would look like agreement. None where a map has the same value everywhere.
    """
    inside = image > 0
    one, two = ranks(np.abs(first[inside])), ranks(np.abs(second[inside]))
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(two) == 0:
        return None
    return float(np.corrcoef(one, two)[0, 1])

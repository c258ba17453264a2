"""Maps and feature maps to pictures: one scale of colours, the same on a light and a dark page."""

import cv2
import numpy as np

# Orange speaks for, blue against: told apart with every kind of colour vision. Zero is black, as
# the background of the data set is.
FOR, AGAINST = (255, 152, 32), (64, 148, 255)
_DIMMED = 0.55


def limit_of(values: np.ndarray) -> float:
    """Return the size that gets the full colour: what 99.5 % of the values stay below."""
    return float(np.quantile(np.abs(values), 0.995)) if values.size else 0.0


def signed(values: np.ndarray, limit: float | None = None) -> np.ndarray:
    """Return uint8 (..., 3): black for 0, orange above, blue below, full at `limit`; RGB."""
    limit = limit_of(values) if limit is None else limit
    strength = np.clip(np.abs(values) / limit if limit > 0 else np.zeros(values.shape), 0, 1)
    color = np.where((values >= 0)[..., None], np.array(FOR), np.array(AGAINST))
    # Above the middle the colour goes on to white, so that strong places still differ.
    bright = np.clip(2 * strength, 0, 1)[..., None] * color
    white = np.clip(2 * strength - 1, 0, 1)[..., None] * 0.6
    return np.round(bright + (255 - bright) * white).astype(np.uint8)


def overlay(image: np.ndarray, values: np.ndarray, limit: float | None = None) -> np.ndarray:
    """Return the item, dimmed, with a signed map over it: uint8 (28, 28, 3), RGB.

    `image` is uint8 (28, 28); `values` (28, 28) colours a pixel fully at `limit`.
    """
    limit = limit_of(values) if limit is None else limit
    strength = np.clip(np.abs(values) / limit if limit > 0 else np.zeros(values.shape), 0, 1)
    color = np.where((values >= 0)[..., None], np.array(FOR), np.array(AGAINST))
    opacity = (strength**0.8)[..., None]
    grey = image[..., None] * _DIMMED
    return np.round(grey * (1 - opacity) + color * opacity).astype(np.uint8)


def enlarged(picture: np.ndarray, side: int = 280) -> np.ndarray:
    """Return a picture with its pixels as squares, its longest edge `side` or a little less."""
    factor = max(1, side // max(picture.shape[:2]))
    return picture.repeat(factor, 0).repeat(factor, 1)


def tile(values: np.ndarray, side: int = 28) -> np.ndarray:
    """Return a small map (h, w) or (h, w, 3) at (side, side), its values as they are."""
    return cv2.resize(values, (side, side), interpolation=cv2.INTER_NEAREST)

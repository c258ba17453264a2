"""Arrays on their way to the browser: pictures as data URLs, sprites, and packed bytes."""

import base64
import io

import cv2
import numpy as np
from PIL import Image

from fmnist_core.preprocessing.masks import fit
from fmnist_core.shapes import SIDE

# What a tile shows on a sharp screen; more would only travel.
TILE = 192
# Black around each image of a sprite, so that neighbours never bleed into each other.
MARGIN = 2


def packed(array: np.ndarray) -> str:
    """Return the array's bytes, row by row, as base64."""
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def data_url(content: bytes, kind: str) -> str:
    """Return an encoded picture of that kind (png, webp) as a data URL."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def png(image: np.ndarray, edge: int = TILE) -> str:
    """Return a uint8 (h, w) or (h, w, 3) RGB image as a data URL, its longest edge at most `edge`.

    Small images keep their pixels.
    """
    image = fit(image, edge, grow=False)
    if image.ndim == 3:
        image = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".png", image, (cv2.IMWRITE_PNG_COMPRESSION, 1))
    return data_url(encoded.tobytes(), "png")


def sprite(images: np.ndarray) -> str:
    """Return all uint8 (n, 28, 28) or (n, 28, 28, 3) images in one PNG, base64.

    They stand row by row in ceil(sqrt(n)) columns, each with a black margin.
    """
    count = len(images)
    across = max(1, int(np.ceil(np.sqrt(count))))
    down = max(1, int(np.ceil(count / across)))
    side = SIDE + 2 * MARGIN
    colors = images.shape[3:]
    sheet = np.zeros((down * across, side, side, *colors), np.uint8)
    sheet[:count, MARGIN:-MARGIN, MARGIN:-MARGIN] = images
    whole = sheet.reshape(down, across, side, side, *colors).swapaxes(1, 2)
    picture = Image.fromarray(whole.reshape(down * side, across * side, *colors))
    stream = io.BytesIO()
    # Level 1 is four times as fast as the default and 6 % larger.
    picture.save(stream, "PNG", compress_level=1)
    return base64.b64encode(stream.getvalue()).decode()

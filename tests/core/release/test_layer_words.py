"""What translators get of the layers."""

from io import BytesIO

from fmnist_core.recipes.layers import LAYERS
from fmnist_core.release.layer_words import extract

KEYWORDS = {"say": None, "mark": None}


def test_translators_get_the_texts_of_the_file_and_what_each_layer_does() -> None:
    stream = BytesIO(b'say("A text")\n')
    found = [message for _, _, message, _ in extract(stream, KEYWORDS, [], {})]
    assert found == ["A text", *(layer.meaning() for layer in LAYERS.values())]
    assert "Lays the image out as one long list of numbers." in found

import json
import re
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.exports.formats import ExportError
from fmnist_core.exports.web import web_page as made
from fmnist_core.exports.web.web_page import page_of, web_page
from fmnist_core.models import catalogue
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe

RECIPE = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")))


def test_a_visitors_name_cannot_become_markup() -> None:
    text = page_of(
        "</title><script>alert(1)</script>", RECIPE, [], np.zeros(2, np.float32)
    ).decode()
    assert "<script>alert" not in text
    assert "&lt;/title&gt;" in text


def test_what_the_scripts_read_is_json_and_cannot_end_its_element() -> None:
    text = page_of("Mine", RECIPE, [{"layer": "</script>"}], np.zeros(0, np.float32)).decode()
    found = re.search(r'id="about">(.*?)</script>', text)
    assert found
    about = json.loads(found[1])
    assert about["model"] == {"steps": [{"layer": "</script>"}], "logits": False}
    assert about["classes"][9] == "Ankle boot"
    assert (about["preparation"]["lightness"][0], about["preparation"]["lightness"][255]) == (
        0,
        255,
    )
    assert about["preparation"]["ellipses"]["3"] == [[0, 1, 0], [1, 1, 1], [0, 1, 0]]


def test_a_network_that_is_too_large_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(made, "MOST_PARAMETERS", 34_857)
    with pytest.raises(ExportError, match=r"Lightning has 34,858 parameters; .* at most 34,857"):
        web_page(str(catalogue.find("lightning").folder))


def test_a_model_without_weights_is_refused() -> None:
    model = catalogue.find("wide-cnn-on-20000")
    assert not made.fits(model)
    assert not (Path(model.folder) / "model.keras").exists()

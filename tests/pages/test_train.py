"""The design half of the Train page: presets, options, links, limits, the code and the start."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.engine.dispatcher import State
from fmnist_core.engine.engine import Engine
from fmnist_core.models import catalogue
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.presets import PRESETS
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.translation import say
from pages.sections.train import presets
from pages.shared import resources
from tests.pages.test_language import NAMES
from tests.support.languages import bracket, untranslated

OpenPage = Callable[..., AppTest]

TINY = Recipe(
    name="Tiny", layers=(Flatten(), Dense(units=10, activation="softmax")), train_examples=100
)


class FakeEngine(Engine):
    """An engine that never works: the real one has tests of its own."""

    def __init__(self) -> None:
        super().__init__(None, RunStore())
        self.submitted: list[Run] = []

    def state(self) -> State:
        return "ready"

    def submit(self, run: Run) -> None:
        self.submitted.append(run)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine()
    monkeypatch.setattr(resources, "engine", lambda: fake)
    return fake


def tab(page: AppTest, name: str) -> AppTest:
    page.session_state["train_step"] = name
    return page.run()


def design(page: AppTest) -> Recipe:
    recipe: Recipe = page.session_state["design_recipe"]
    return recipe


def words(page: AppTest) -> str:
    return " ".join(item.value for item in [*page.markdown, *page.caption])


def errors(page: AppTest) -> str:
    return " ".join(error.value for error in page.error)


def test_every_preset_has_a_card_with_its_parameters(open_page: OpenPage) -> None:
    page = open_page("train")
    assert not page.exception
    shown = " ".join(caption.value for caption in page.caption)
    for name, preset in PRESETS.items():
        assert page.button(key=f"preset_{name}").label in ("Use this", "In use")
        assert f"{preset.recipe.parameters:,} parameters" in shown


def test_published_figure_is_labelled_as_published(open_page: OpenPage) -> None:
    page = open_page("train")
    assert any("[Published] 89.94 % test accuracy" in text.value for text in page.markdown)


def test_measured_figure_comes_from_the_shipped_card(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = SimpleNamespace(test_accuracy=0.8841, test_examples=10_000)
    shipped = {"dense-basics": SimpleNamespace(card=card)}
    monkeypatch.setattr(catalogue, "shipped", lambda: shipped)
    presets.results.cache_clear()
    page = open_page("train")
    presets.results.cache_clear()
    line = ":green-badge[Measured] 88.4 % on 10,000 test images"
    assert line in [text.value for text in page.markdown]


def test_a_blank_name_becomes_untitled(open_page: OpenPage) -> None:
    page = open_page("train", recipe=TINY.to_link())
    page.text_input(key="recipe_name").set_value("   ").run()
    assert design(page).name == "Untitled"


def test_choosing_a_preset_opens_its_layers_and_shows_in_the_address(open_page: OpenPage) -> None:
    page = open_page("train")
    page.button(key="preset_dense-basics").click().run()
    assert design(page) == PRESETS["dense-basics"].recipe
    assert page.session_state["train_step"] == "Layers"
    assert page.query_params["preset"] == "dense-basics"
    assert "recipe" not in page.query_params


def test_every_option_of_the_recipe_can_be_changed_on_the_page() -> None:
    from pages.sections.train import options

    shown = options.BASIC + options.STEPS + options.GENERALISING
    assert sorted(shown) == sorted(set(Recipe.options()) - {"name"})


def test_an_option_changes_the_recipe_and_the_address(open_page: OpenPage) -> None:
    page = tab(open_page("train", recipe=TINY.to_link()), "Options")
    page.number_input(key="recipe_epochs").set_value(7).run()
    assert design(page) == TINY.changed(epochs=7)
    assert Recipe.from_link(page.query_params["recipe"]) == TINY.changed(epochs=7)


def test_what_to_expect_follows_the_options_and_ends_where_no_run_was_made(
    open_page: OpenPage,
) -> None:
    page = tab(open_page("train", preset="lightning"), "Options")
    assert "**Expected: 90." in words(page)
    assert "Precomputed: between 80 short runs of Lightning" in words(page)
    page.number_input(key="recipe_train_examples").set_value(3000).run()
    assert "**Expected: 7" in words(page) or "**Expected: 8" in words(page)
    page.number_input(key="recipe_learning_rate").set_value(0.5).run()
    assert "Expected" not in words(page)
    assert "cover a learning rate from 0.001 to 0.05; yours is 0.5" in words(page)


def test_a_changed_preset_no_longer_carries_its_name(open_page: OpenPage) -> None:
    page = tab(open_page("train", preset="lightning"), "Options")
    page.number_input(key="recipe_seed").set_value(1).run()
    assert design(page).name == "Lightning, changed"


def test_leaving_sgd_switches_nesterov_off(open_page: OpenPage) -> None:
    recipe = TINY.changed(optimizer="sgd", momentum=0.9, nesterov=True)
    page = tab(open_page("train", recipe=recipe.to_link()), "Options")
    page.selectbox(key="recipe_optimizer").set_value("adam").run()
    assert (design(page).optimizer, design(page).nesterov) == ("adam", False)


def test_a_refused_option_says_why_and_changes_nothing(open_page: OpenPage) -> None:
    page = tab(open_page("train", recipe=TINY.changed(train_examples=55_000).to_link()), "Options")
    page.number_input(key="recipe_validation_examples").set_value(20_000).run()
    assert "overlap" in errors(page)
    assert design(page).validation_examples == 5000
    assert page.number_input(key="recipe_validation_examples").value == 5000


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"recipe": "AAAA"}, "damaged"),
        ({"preset": "nonsense"}, "No preset is called 'nonsense'"),
    ],
)
def test_a_bad_link_is_refused_with_the_reason(
    open_page: OpenPage, query: dict[str, str], reason: str
) -> None:
    page = open_page("train", **query)
    assert not page.exception
    assert reason in errors(page)
    assert design(page) == PRESETS["lightning"].recipe


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b'{"colour": 1}', "unknown key"),
        (b'{"layers": [{"kind": "Dense", "units": 1000000000}]}', "from 1 to 16,384"),
        (b" " * 1_000_000, "1,000,000 bytes"),
        (b"\xff\xfe\x00", "not JSON"),
    ],
)
def test_a_bad_file_is_refused_and_loses_nothing(
    open_page: OpenPage, source: bytes, reason: str
) -> None:
    page = open_page("train", recipe=TINY.to_link())
    page.file_uploader(key="recipe_upload_0").set_value(
        ("recipe.json", source, "application/json")
    ).run()
    assert reason in errors(page)
    assert design(page) == TINY


def test_an_uploaded_recipe_becomes_the_design_and_undo_brings_the_old_one_back(
    open_page: OpenPage,
) -> None:
    page = open_page("train", preset="compact")
    source = TINY.to_json().encode()
    page.file_uploader(key="recipe_upload_0").set_value(
        ("recipe.json", source, "application/json")
    ).run()
    assert design(page) == TINY
    next(button for button in page.button if button.label == "Undo").click().run()
    assert design(page) == PRESETS["compact"].recipe


def test_the_code_follows_the_design(open_page: OpenPage) -> None:
    page = tab(open_page("train", recipe=TINY.to_link()), "Code")
    assert "EPOCHS = 10" in page.code[-1].value
    page.session_state["design_recipe"] = TINY.changed(epochs=3)
    assert "EPOCHS = 3" in page.run().code[-1].value


def test_train_makes_a_run_and_shows_it(
    open_page: OpenPage, engine: FakeEngine, runs_folder: Path
) -> None:
    page = open_page("train", recipe=TINY.to_link())
    page.button(key="train").click().run()
    assert not page.exception
    (run,) = engine.submitted
    assert run.recipe == TINY
    assert page.query_params["run"] == run.id
    assert "recipe" not in page.query_params
    assert RunStore(runs_folder).get(run.id).status().status == "queued"


def test_a_run_can_be_started_while_the_engine_warms_up(
    open_page: OpenPage, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "state", lambda: "starting")
    page = open_page("train", recipe=TINY.to_link())
    assert any("warming up" in text.value for text in page.caption)
    assert not page.button(key="train").disabled


def test_nothing_can_be_trained_without_an_engine(
    open_page: OpenPage, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "state", lambda: "unavailable")
    page = open_page("train", recipe=TINY.to_link())
    assert any("engine cannot be reached" in text.value for text in page.caption)
    assert page.button(key="train").disabled


def test_an_invalid_design_cannot_be_trained_and_says_where_it_breaks(open_page: OpenPage) -> None:
    broken = TINY.changed(layers=(Dense(units=10, activation="softmax"),))
    page = open_page("train", recipe=broken.to_link())
    assert page.button(key="train").disabled
    assert any("Layer 1: Dense works on a flat list" in text.value for text in page.caption)


def test_the_hosted_limits_are_said_and_kept(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_HOSTED", "1")
    page = tab(open_page("train", preset="wide-cnn-on-20000"), "Layers")
    shown = " ".join(caption.value for caption in page.caption)
    assert "the shared host allows 2,000,000" in shown
    assert "tighter here" in shown
    assert page.button(key="train").disabled


def test_a_fourth_unfinished_run_has_to_wait(open_page: OpenPage, engine: FakeEngine) -> None:
    page = open_page("train", recipe=TINY.to_link())
    for _ in range(3):
        page.button(key="train").click().run()
        del page.query_params["run"]
        page.run()
    assert len(engine.submitted) == 3
    assert page.button(key="train").disabled
    assert any("3 unfinished runs" in text.value for text in page.caption)


def test_a_new_learning_rate_is_asked_for_and_confirmed(
    open_page: OpenPage, engine: FakeEngine
) -> None:
    page = open_page("train", recipe=TINY.to_link())
    page.button(key="train").click().run()
    (run,) = engine.submitted
    page.number_input(key=f"run_rate_{run.id}").set_value(0.02)
    page.button(key="run_rate_use").click().run()
    assert run.control().learning_rate == 0.02
    assert [toast.value for toast in page.toast] == ["Learning rate 0.02 from the next batch on."]


def test_an_unknown_run_is_said_to_be_unknown(open_page: OpenPage) -> None:
    page = open_page("train", run="a" * 22)
    assert not page.exception
    assert "There is no such run" in errors(page)


def test_one_switch_redraws_half_of_the_images_for_the_field(open_page: OpenPage) -> None:
    page = tab(open_page("train"), "Augmentation")
    page.toggle(key="field_augmentation").set_value(True).run()
    assert not page.exception
    assert design(page).augmentation.field == 0.5
    assert page.number_input(key="augmentation_field").value == 0.5
    page.toggle(key="field_augmentation").set_value(False).run()
    assert design(page).augmentation.field == 0


def test_a_hosted_visitor_reads_beforehand_what_of_the_hour_is_used(
    open_page: OpenPage, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any("training an hour" in text.value for text in open_page("train").caption)
    monkeypatch.setenv("FMNIST_HOSTED", "1")
    monkeypatch.setattr(engine, "used_seconds", lambda _visitor: 130.0)
    shown = " ".join(text.value for text in open_page("train").caption)
    assert "2 of your 20 minutes of training an hour are used" in shown


def test_a_paused_run_is_in_the_epoch_in_which_it_was(open_page: OpenPage) -> None:
    run = RunStore().create(TINY.changed(epochs=20), "visitor")
    run.set_status("paused", epoch=0, batch=103, batches=430)
    page = open_page("train", run=run.id)
    assert page.get("progress")[0].proto.text == "Epoch 1 of 20, batch 103 of 430"
    run.set_status("paused", epoch=2, batch=0, batches=430)
    assert page.run().get("progress")[0].proto.text == "Epoch 2 of 20"


@pytest.mark.parametrize("step", ["Layers", "Options", "Augmentation", "Code"])
def test_every_step_is_translated(
    step: str, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    bracket(monkeypatch)
    page = tab(open_page("train"), say(step))
    assert not page.exception
    assert page.session_state["train_step"] == f"⟦{step}⟧"
    assert untranslated(page, {*NAMES, "leaky relu", "mixed bfloat16", "Schedule-free"}) == set()

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.recipes.presets import DENSE_BASICS
from fmnist_core.runs import store
from tests.support.runs import trained_run

Open = Callable[..., AppTest]
ASKED = "0__1____2_Ab9Zx-Qw4r_K"  # an id as any other


@pytest.mark.with_files
@pytest.mark.parametrize("page", ["evaluate", "errors", "stress", "inside", "why", "classify"])
def test_a_run_whose_id_has_two_underscores_is_shown_as_any_other(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(store, "new_id", lambda: ASKED)
    run = trained_run(DENSE_BASICS.recipe.changed(epochs=1))
    assert run.id == ASKED
    shown = open_page(page, model=run.id)
    assert not shown.exception
    assert not shown.error

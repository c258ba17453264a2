"""Pages opened as in the app, for tests of screens and of what screens share."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import cache
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, app_test

from fmnist_core.engine.engine import Engine
from fmnist_core.paths import ROOT
from fmnist_core.runs.store import RunStore
from pages.shared import navigation, resources

APP = ROOT / "streamlit_app.py"


@pytest.fixture(scope="session", autouse=True)
def streamlit_reads_once() -> Iterator[None]:
    """Let all AppTests of a session share what Streamlit reads anew for each, as a server does.

    These are the metadata of all installed packages, among which it looks for components, and
    the compiled scripts. Reading them takes longer than most pages.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner,
            "scan_component_manifests",
            cache(manifest_scanner.scan_component_manifests),
        )
        patch.setattr(app_test, "ScriptCache", cache(app_test.ScriptCache))
        yield


@pytest.fixture
def working_engine(open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine of `open_page` do every call at once, in the test's own process."""

    def call(
        _engine: Engine,
        function: Callable[..., Any],
        *arguments: Any,  # noqa: ANN401
        owner: str = "",
    ) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    monkeypatch.setattr(Engine, "call", call)
    monkeypatch.setattr(Engine, "state", lambda _engine: "ready")


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Return `open_page("browse", split="test")`: that page, run once as part of the whole app.

    Keyword arguments become query parameters.
    """
    # Shared resources remember the runs folder of the test before.
    st.cache_resource.clear()
    # Its thread would outlive the test.
    monkeypatch.setattr(resources, "warm_up", lambda: None)
    # An engine that takes runs but never works: a real one is a process with TensorFlow.
    monkeypatch.setattr(Engine, "start", lambda: Engine(None, RunStore()))

    def open_(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=30)
        app.session_state[navigation.SEEN] = True
        app.switch_page(f"pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return open_


def texts(page: AppTest) -> Iterator[tuple[str, str]]:
    """Yield every text that was sent to the browser with the kind of element it is part of."""

    def of_block(block: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
        for child in block.children.values():
            if hasattr(child.proto, "ListFields"):
                yield from ((child.type, text) for text in of_message(child.proto))
            if hasattr(child, "children"):
                yield from of_block(child)

    def of_message(message: Any) -> Iterator[str]:  # noqa: ANN401
        for field, value in message.ListFields():
            if field.message_type and field.message_type.GetOptions().map_entry:
                values = list(value.values())
            else:
                values = value if field.is_repeated else [value]
            for one in values:
                if isinstance(one, str | bytes):
                    yield one if isinstance(one, str) else one.decode("latin-1")
                elif hasattr(one, "ListFields"):
                    yield from of_message(one)

    yield from of_block(page._tree)

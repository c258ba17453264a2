"""Work on the engine that a page waits for: started once, watched, stopped, its result kept."""

import concurrent.futures
import hashlib
import logging
import pickle
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from fmnist_core.tasks import Progress, Stopped, Task, perform
from fmnist_core.translation import mark, say
from pages.shared.language.retelling import retold
from pages.shared.markdown import plain
from pages.shared.resources import engine, run_store
from pages.shared.visitor import known_visitor

TICK_SECONDS = 0.25
# What one run of a page waits for all its answers together: those of a warm worker mostly come
# within this time, and then nothing flickers.
QUICK_SECONDS = 0.2
KEPT_BYTES = 64e6
# The page that the visitor is on; `navigation` says so.
PAGE = "_page"
_WORKS = "_works"
_PATIENCE = "_patience"
_STARTING = mark("Warming up: TensorFlow is being loaded, once; this takes some seconds.")
_UNAVAILABLE = mark("The engine cannot be reached. It is tried again; this waits.")

_log = logging.getLogger(__name__)


@dataclass
class _Work:
    """What this visitor waits for in one place of a page."""

    fingerprint: str
    task: Task
    future: concurrent.futures.Future[Any]
    waiters: set[str]  # all who wait for the same answer
    waiter: str
    page: str = ""
    label: str = ""  # in this visitor's language
    stopped: bool = False

    def forgotten(self) -> bool:
        """Return whether it ended because the page fell silent, as a hidden browser tab does."""
        over = self.future.done() and not self.future.cancelled() and not self.stopped
        return over and isinstance(self.future.exception(), Stopped)

    def stop(self) -> None:
        self.stopped = True
        self.waiters.discard(self.waiter)
        if not self.waiters:  # nobody else has asked the same
            self.task.stop()
            self.future.cancel()


class _Results:
    """The latest results of all visitors by fingerprint; equal questions have equal answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._begun: dict[str, _Work] = {}  # what somebody waits for now

    def begun(self, fingerprint: str, begin: Callable[[], _Work], waiter: str) -> _Work:
        """Return the work on a question, begun already for another visitor or begun now."""
        with self._lock:
            found = self._begun.get(fingerprint)
            if found is not None and found.waiters and not found.future.done():
                found.waiters.add(waiter)
                return replace(found, waiter=waiter, stopped=False)
            for old in [key for key, one in self._begun.items() if one.future.done()]:
                del self._begun[old]
            self._begun[fingerprint] = begin()
            return self._begun[fingerprint]

    def get(self, fingerprint: str) -> tuple[Any] | None:
        with self._lock:
            if fingerprint not in self._kept:
                return None
            self._kept.move_to_end(fingerprint)
            return (self._kept[fingerprint][0],)

    def keep(self, fingerprint: str, result: Any) -> None:  # noqa: ANN401
        size = len(pickle.dumps(result))
        with self._lock:
            self._kept[fingerprint] = result, size
            while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > KEPT_BYTES:
                self._kept.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _results() -> _Results:
    return _Results()


def work(key: str, function: Callable[..., Any], *arguments: Any, label: str) -> Any | None:  # noqa: ANN401
    """Return `function(*arguments)`, computed on the engine, or None while it is not there yet.

    `function` lives in an imported module of the core, gives the same result for the same
    arguments, never None, and calls `fmnist_core.tasks.step` where it takes long; the result is
    shared with all who ask the same, so nobody may change it. Until it is there the page shows
    how far it is and a button to stop it; then the page runs again by itself. Other arguments
    under the same `key`, another page or a closed tab end what was begun. `label` is what is
    being done, such as "Hiding every part of the image in turn".
    """
    fingerprint = _fingerprint(function, arguments)
    works: dict[str, _Work] = st.session_state.setdefault(_WORKS, {})
    present = works.get(key)
    if found := _results().get(fingerprint):
        if present is not None:
            works.pop(key).stop()
        return found[0]
    if present is None or present.fingerprint != fingerprint or present.forgotten():
        if present is not None:
            present.stop()
        present = works[key] = _start(fingerprint, function, arguments)
        if engine().state() == "ready":
            _wait_a_little(present.future)
    present.page, present.label = st.session_state.get(PAGE, ""), label
    present.task.wait()
    return _show(key, present)


def _wait_a_little(future: concurrent.futures.Future[Any]) -> None:
    patience = st.session_state.get(_PATIENCE, QUICK_SECONDS)
    start = time.monotonic()
    concurrent.futures.wait([future], patience)
    st.session_state[_PATIENCE] = max(0.0, patience - (time.monotonic() - start))


def _start(fingerprint: str, function: Callable[..., Any], arguments: tuple[Any, ...]) -> _Work:
    waiter = secrets.token_hex(8)

    def begin() -> _Work:
        task = Task.begin(run_store().root)
        owner = known_visitor() or waiter
        future = engine().call(perform, task.file, function, arguments, owner=owner)
        return _Work(fingerprint, task, future, {waiter}, waiter)

    return _results().begun(fingerprint, begin, waiter)


def _fingerprint(function: Callable[..., Any], arguments: tuple[Any, ...]) -> str:
    name = f"{function.__module__}.{function.__qualname__}".encode()
    return hashlib.sha256(name + pickle.dumps(arguments)).hexdigest()


def _show(key: str, present: _Work) -> Any | None:  # noqa: ANN401
    """Return the result if it is there; else show what there is to say."""
    if present.stopped:
        _offer_again(key, say("Stopped."), say("Start again"))
        return None
    if not present.future.done():
        st.fragment(_wait, run_every=TICK_SECONDS)(key)
        return None
    error = present.future.exception()
    if error is None:
        result = present.future.result()
        _results().keep(present.fingerprint, result)
        st.session_state[_WORKS].pop(key, None)
        return result
    if type(error).__module__.startswith("fmnist_core."):
        message = plain(retold(str(error)))
    else:
        _log.error("%s failed", present.label, exc_info=error)
        name = type(error).__name__
        message = say("This failed ({name}); the server's log says more.", name=name)
    _offer_again(key, message, say("Try again"), failed=True)
    return None


def _offer_again(key: str, message: str, button: str, *, failed: bool = False) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if failed:
            st.error(message, icon=":material/error:")
        else:
            st.caption(message, width="content")
        st.button(
            button, icon=":material/refresh:", key=f"{key}_again", on_click=_again, args=(key,)
        )


def _wait(key: str) -> None:
    present: _Work | None = st.session_state.get(_WORKS, {}).get(key)
    if present is None or present.stopped or present.future.done():
        st.rerun()
    present.task.wait()
    progress = present.task.progress()
    state = engine().state()
    words = _told(progress) or present.label
    if state != "ready" and not progress.done:
        waits = {"unavailable": _UNAVAILABLE}.get(state, _STARTING)
        words = say(waits)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(progress.done, f"{words.rstrip('.…')}…" if state == "ready" else words)
        st.button(
            say("Stop"), icon=":material/stop:", key=f"{key}_stop", on_click=_stop, args=(key,)
        )


def _told(progress: Progress) -> str:
    """Return what the worker does now, in the reader's language."""
    return say(
        progress.words,
        **{
            key: say(value) if isinstance(value, str) else value
            for key, value in progress.values.items()
        },
    )


def _stop(key: str) -> None:
    if present := st.session_state.get(_WORKS, {}).get(key):
        present.stop()


def _again(key: str) -> None:
    if present := st.session_state.get(_WORKS, {}).pop(key, None):
        present.stop()


def stop_elsewhere(page: str) -> None:
    """Stop what other pages than `page` began: their visitor has left them."""
    st.session_state[PAGE] = page
    st.session_state[_PATIENCE] = QUICK_SECONDS
    works: dict[str, _Work] = st.session_state.get(_WORKS, {})
    for key, present in list(works.items()):
        if present.page != page:
            present.stop()
            del works[key]


def known(function: Callable[..., Any], *arguments: Any) -> Any | None:  # noqa: ANN401
    """Return a result that `work` has brought already, or None; asks and shows nothing."""
    found = _results().get(_fingerprint(function, arguments))
    return found[0] if found else None

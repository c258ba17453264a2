"""Half an hour with visitors, runs that begin and end, and faults at random: is anything lost?

    python -m benchmarks.soak [--minutes 30] [--visitors 20] [--seed 0]

Light visitors look at pages by chance (see `load`); three more train small networks, one after the
other, by pressing Train. About every 20 seconds one fault happens: the worker or the whole engine
is killed, a run's file is cut short or replaced by noise, or a finished run is deleted under its
viewer. Memory, open files and child processes are read every half minute.
"""

import argparse
import asyncio
import random
import shutil
import signal
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from benchmarks.first_page import running_app
from benchmarks.load import PATIENCE, Crowd, line
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.run import CHECKPOINT, HISTORY, STATUS, VALIDATION, Run
from fmnist_core.runs.store import RunStore
from pages.shared.visitor import COOKIE

TRAINERS = 3
FAULT_SECONDS = 20.0
SAMPLE_SECONDS = 30.0
SETTLED_SECONDS = 300.0  # after which memory should stay where it is
SMALL = Recipe(
    name="Soak",
    layers=(Flatten(), Dense(units=32), Dense(units=10, activation="softmax")),
    epochs=6,
    train_examples=20_000,
)


@dataclass
class Told:
    """What the trainers met: runs begun, and everything that must not happen, in words."""

    begun: int = 0
    wrong: list[str] = field(default_factory=list)


class Trainers(Thread):
    """Visitors who press Train, look until the run is over, and press again."""

    def __init__(self, address: str, seconds: float) -> None:
        super().__init__()
        self.told = Told()
        self._address, self._end = address, time.perf_counter() + seconds
        self.start()

    def run(self) -> None:
        """Be all of them."""
        asyncio.run(self._everyone())

    async def _everyone(self) -> None:
        await asyncio.gather(*(self._one(number) for number in range(TRAINERS)))

    async def _one(self, number: int) -> None:
        seed = number * 1000
        while time.perf_counter() < self._end:
            seed += 1
            try:
                await self._train(number, seed)
            except (TimeoutError, ConnectionClosed, OSError) as error:
                self.told.wrong.append(f"trainer {number}: {type(error).__name__}")
                await asyncio.sleep(1)

    async def _train(self, number: int, seed: int) -> None:
        url = self._address.replace("http", "ws") + "/_stcore/stream"
        headers = {"Cookie": f"{COOKIE}=trainer{number:015d}"}
        async with connect(
            url, additional_headers=headers, subprotocols=[Subprotocol("streamlit")], max_size=None
        ) as socket:
            query = f"recipe={SMALL.changed(seed=seed).to_link()}"
            buttons = await self._ask(socket, query)
            if "Train" not in buttons:
                await asyncio.sleep(5)  # three of its runs are unfinished: told on the page
                return
            await self._ask(socket, query, buttons["Train"])
            self.told.begun += 1
            await asyncio.sleep(random.Random(seed).uniform(8, 20))

    async def _ask(self, socket: ClientConnection, query: str, press: str = "") -> dict[str, str]:
        """Ask for Train, perhaps with a button pressed; return ids of enabled buttons by label."""
        message = BackMsg()
        message.rerun_script.page_name = "train"
        message.rerun_script.query_string = query
        if press:
            widget = message.rerun_script.widget_states.widgets.add()
            widget.id, widget.trigger_value = press, True
        await socket.send(message.SerializeToString())
        found: dict[str, str] = {}
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(await asyncio.wait_for(socket.recv(decode=False), PATIENCE))
            kind = answer.WhichOneof("type")
            if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                element = answer.delta.new_element
                if element.WhichOneof("type") == "exception":
                    self.told.wrong.append(f"a trace: {element.exception.message[:100]}")
                if element.WhichOneof("type") == "button" and not element.button.disabled:
                    found[element.button.label] = element.button.id
            if kind == "script_finished":
                return found


class Faults:
    """Does one harm at a time; `done` counts them by name, `spoilt` are the runs it damaged."""

    def __init__(self, server: psutil.Process, store: RunStore, seed: int) -> None:
        self.done: Counter[str] = Counter()
        self.spoilt: set[str] = set()
        self._server, self._store, self._chance = server, store, random.Random(seed)
        self._kinds: list[Callable[[], str]] = [
            self._kill_worker,
            self._kill_worker,
            self._kill_engine,
            self._cut_file,
            self._noise,
            self._delete,
        ]

    def one(self) -> None:
        """Do one, if there is something to do it to."""
        self.done[self._chance.choice(self._kinds)()] += 1

    def _processes(self) -> list[psutil.Process]:
        """Return the engine's processes, the worker last."""
        children = self._server.children(recursive=True)
        return sorted(children, key=lambda one: len(one.parents()))

    def _kill(self, place: int, name: str) -> str:
        family = [one for one in self._processes() if one.memory_info().rss > 30e6]
        if not family:
            return "nothing to kill"
        family[place].send_signal(signal.SIGKILL)
        return name

    def _kill_worker(self) -> str:
        return self._kill(-1, "worker killed")

    def _kill_engine(self) -> str:
        return self._kill(0, "engine killed")

    def _over(self) -> list[Run]:
        runs = [run for run in self._store.all() if not run.status().active]
        return [run for run in runs if run.id not in self.spoilt]

    def _cut_file(self) -> str:
        return self._damage("file cut short", lambda content: content[: len(content) // 2])

    def _noise(self) -> str:
        return self._damage("file of noise", lambda content: self._chance.randbytes(len(content)))

    def _damage(self, name: str, change: Callable[[bytes], bytes]) -> str:
        if not (runs := self._over()):
            return "nothing to damage"
        run = self._chance.choice(runs)
        path = run.folder / self._chance.choice((HISTORY, STATUS, CHECKPOINT, VALIDATION))
        if path.is_file():
            self.spoilt.add(run.id)
            path.write_bytes(change(path.read_bytes()))
        return name

    def _delete(self) -> str:
        if len(runs := self._over()) < 2:
            return "nothing to delete"
        run = self._chance.choice(runs)
        self.spoilt.add(run.id)
        shutil.rmtree(run.folder)
        return "run deleted by hand"


@dataclass(frozen=True)
class Sample:
    """What the app took at one moment."""

    seconds: float
    web_megabytes: float
    files: int
    children: int


def sample(server: psutil.Process, start: float) -> Sample:
    """Return what the web process takes now."""
    return Sample(
        time.perf_counter() - start,
        server.memory_info().rss / 1e6,
        server.num_fds() + len(server.net_connections()),
        len(server.children(recursive=True)),
    )


def lost(store: RunStore, spoilt: set[str]) -> list[str]:
    """Return what is wrong with the runs that no fault touched."""
    found = []
    for run in store.all():
        status = run.status()
        if run.id in spoilt:
            continue
        rows = epoch_rows(run.history()[0])
        if status.status == "finished" and (run.evaluation() is None or len(rows) != SMALL.epochs):
            found.append(f"run {run.id} is finished, but of {len(rows)} epochs")
        if status.status in ("failed", "interrupted") and not status.reason.endswith("."):
            found.append(f"run {run.id} failed without a sentence: {status.reason!r}")
    return found


def main() -> None:
    """Print what happened."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    seconds = 60 * options.minutes
    with tempfile.TemporaryDirectory() as folder, running_app(folder) as (address, process):
        server, store = psutil.Process(process.pid), RunStore(Path(folder))
        Crowd(address, 1, 20, 0.5).join()  # every page once: what all share is loaded then
        faults, samples = Faults(server, store, options.seed), []
        crowd, trainers = Crowd(address, options.visitors, seconds, 3.5), Trainers(address, seconds)
        start = time.perf_counter()
        next_fault = next_sample = 0.0
        while crowd.is_alive() or trainers.is_alive():
            now = time.perf_counter() - start
            if now >= next_sample:
                next_sample = now + SAMPLE_SECONDS
                samples.append(sample(server, start))
            if FAULT_SECONDS < now < seconds - 60 and now >= next_fault:
                next_fault = now + FAULT_SECONDS
                faults.one()
            time.sleep(0.5)
        end = time.time() + 120
        while time.time() < end and any(run.status().active for run in store.all()):
            time.sleep(1)
        states = Counter(run.status().status for run in store.all())
        wrong = trainers.told.wrong + lost(store, faults.spoilt)
        report(options.minutes, crowd, trainers.told, faults, samples)
        print(f"runs at the end: {dict(states)}")
        print("lost or wrong: " + ("; ".join(wrong[:20]) or "nothing"))


def report(minutes: float, crowd: Crowd, told: Told, faults: Faults, samples: list[Sample]) -> None:
    """Print the tables."""
    print(f"{minutes:g} minutes, {told.begun} runs begun, faults: {dict(faults.done)}")
    print("| what | answers | median s | 95 % s | worst s | goal |\n|---|--:|--:|--:|--:|--:|")
    print(line("pages", crowd.found.all))
    failed = {name: count for name, count in crowd.found.failed.items() if count}
    print(f"pages that failed: {failed or 'none'}")
    settled = [one for one in samples if one.seconds >= min(SETTLED_SECONDS, 30 * minutes)]
    third = max(1, len(settled) // 3)
    for name in ("web_megabytes", "files", "children"):
        first, last = (
            statistics.median(getattr(one, name) for one in part)
            for part in (settled[:third], settled[-third:])
        )
        words = name.replace("web_megabytes", "memory of the web process, MB")
        print(f"{words}: {first:.0f} after five minutes, {last:.0f} at the end")


if __name__ == "__main__":
    main()

"""From a click on Train to the first plotted batch, in a real browser, with a warm engine.

    python -m benchmarks.first_batch [--rounds 3] [--presets NAME ...]

The clock starts at the browser's own `click` event and stops at the frame in which the loss chart
shows the first of training. One run of each preset comes before the
counted ones. Also printed: when the training had written its first row.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.first_page import ARGUMENTS, CHROMIUM, running_app
from fmnist_core.figures.training import HEIGHT
from fmnist_core.recipes import presets
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

GOAL_SECONDS = 2.0
PATIENCE_MS = 300_000
PRESETS = ("dense-basics", "128-64-with-logits", "300-100-with-sgd", "three-convolutions")
# Training is drawn in blue, thin and translucent inside the epoch; axes, labels and grid are grey.
# The legend above the axes has the colour too, so only what is below its 52 pixels counts.
WATCH = """
(height) => {
  const plotted = () => {
    const canvas = document.querySelector(".st-key-live_loss canvas")
    if (!canvas?.width) return false
    const top = Math.ceil((52 * canvas.height) / height)
    const { data } = canvas.getContext("2d").getImageData(0, top, canvas.width, canvas.height - top)
    let blue = 0
    for (let at = 0; at < data.length; at += 4) blue += data[at + 2] - data[at] > 80
    return blue > 3
  }
  document.querySelector(".st-key-train button").addEventListener("click", () => {
    const clicked = performance.now()
    window.clickedAt = Date.now() / 1000
    const look = () => {
      if (plotted()) window.took = (performance.now() - clicked) / 1000
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }, { capture: true, once: true })
}
"""


def wait_until_over(run: Run) -> None:
    """Stop the run and return when the engine has let go of it."""
    if run.status().active:
        run.request("stop")
    while run.status().active:
        time.sleep(0.1)


def measure(page: Page, address: str, store: RunStore, name: str) -> tuple[float, float]:
    """Return the seconds from the click to the first plotted batch and to its row in the file."""
    before = {run.id for run in store.all()}
    page.goto(f"{address}/train?preset={name}")
    page.get_by_role("button", name="Train", exact=True).wait_for()
    page.get_by_text("The engine is warming up").wait_for(state="detached")
    page.wait_for_timeout(1000)
    page.evaluate(WATCH, HEIGHT)
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function("window.took !== undefined")
    run = next(run for run in store.all() if run.id not in before)
    took: float = page.evaluate("window.took")
    written = (valid_rows(run.history()[0])[0].time or 0.0) - page.evaluate("window.clickedAt")
    wait_until_over(run)
    return took, written


def main() -> None:
    """Print median and worst of each preset."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--presets", nargs="+", default=list(PRESETS))
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} over the last minute")
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        running_app(folder) as (address, _),
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
    ):
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        store = RunStore(Path(folder))
        for wanted in arguments.presets:
            name = presets.find(wanted).name
            _, *found = [measure(page, address, store, name) for _ in range(arguments.rounds + 1)]
            took, written = zip(*found, strict=True)
            print(
                f"{name:<20} median {statistics.median(took):.2f} s, worst {max(took):.2f} s "
                f"of {len(took)} (first row written after {statistics.median(written):.2f} s; "
                f"goal {GOAL_SECONDS:.0f} s)",
                flush=True,
            )
    print(f"load {os.getloadavg()[0]:.1f} afterwards")


if __name__ == "__main__":
    main()

"""From mouse-up to new probabilities on the page, for both pads, in a real browser.

    python -m benchmarks.classify_latency [--strokes 15] [--models field best]

Draws strokes with the mouse on the quick pad and on the canvas. The clock starts at the browser's
own `pointerup` event and stops at the frame after the answer to this drawing is in the page. On a
busy machine compare the processor time that a stroke takes, not the clock.
"""

import argparse
import os
import statistics
import tempfile

import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks.first_page import ARGUMENTS, CHROMIUM, running_app
from fmnist_core.models import catalogue

GOALS = {"quick pad": 120, "canvas": 300}
PAPERS = {
    "quick pad": ("Sketch pad", ".pad canvas"),
    "canvas": ("Canvas", "[class*=st-key-canvas_] canvas.upper-canvas"),
}
# Times are taken inside the browser, so that the driver's own delay is no part of them, and by an
# observer of the one attribute that changes, so that the watching costs nothing. A stroke that is
# still being drawn is answered too: only the answer to the finished drawing counts.
WATCH = """
() => {
  const deep = (root, selector) => {
    const found = root.querySelector(selector)
    if (found) return found
    for (const element of root.querySelectorAll("*")) {
      const inner = element.shadowRoot && deep(element.shadowRoot, selector)
      if (inner) return inner
    }
  }
  const latency = (window.latency = { answers: 0 })
  const answer = deep(document, ".answer")
  const pad = deep(document, ".pad")
  let released, old
  const look = () => {
    if (released === undefined || latency.took !== undefined) return
    const { number } = answer.dataset
    // The quick pad says which drawing it sent last; the canvas' drawing has another number.
    if (pad ? number !== pad.dataset.number : number === old) return
    const start = released
    requestAnimationFrame(() => (latency.took = performance.now() - start))
  }
  addEventListener("pointerup", () => {
    released = performance.now()
    old = answer.dataset.number
    latency.took = undefined
    // After the pad itself has seen the event: the last picture may be answered already.
    setTimeout(look)
  }, true)
  new MutationObserver(() => {
    latency.answers += 1
    look()
  }).observe(answer, { attributeFilter: ["data-number"] })
}
"""


def stroke(page: Page, paper: str, number: int) -> float:
    """Draw one stroke and return the milliseconds from mouse-up to its answer."""
    box = page.locator(paper).bounding_box()
    assert box is not None
    across, down = 0.1 + 0.03 * (number % 27), 0.1 + 0.05 * (number % 11)
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.85 * box["height"], steps=12)
    page.mouse.up()
    page.wait_for_function("window.latency.took !== undefined")
    took: float = page.evaluate("window.latency.took")
    page.wait_for_timeout(300)
    return took


def used(processes: list[psutil.Process]) -> float:
    """Return the milliseconds of processor time that they have taken."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += 1000 * (times.user + times.system)
    return total


def open_pad(page: Page, url: str, name: str) -> str:
    """Open a pad, watch it and warm it up with two strokes; return the selector of its paper."""
    source, paper = PAPERS[name]
    page.goto(url)
    page.get_by_text(source, exact=True).click()
    page.locator(paper).wait_for()
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    for number in range(2):
        stroke(page, paper, number)
    return paper


def measure(page: Page, url: str, name: str, strokes: int, server: psutil.Process) -> list[float]:
    """Return the milliseconds of each stroke on one pad; the first ones only warm up."""
    paper = open_pad(page, url, name)
    browser = [p for p in psutil.Process().children(recursive=True) if "chrom" in p.name()]
    before = used([server]), used(browser)
    took = [stroke(page, paper, number) for number in range(2, strokes + 2)]
    spent = (used([server]) - before[0]) / strokes, (used(browser) - before[1]) / strokes
    print(f"  processor ms a stroke: server {spent[0]:.0f}, browser {spent[1]:.0f}")
    if name == "quick pad":
        page.evaluate("window.latency.answers = 0")
        box = page.locator(paper).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 40, box["y"] + 40)
        page.mouse.down()
        for step in range(50):
            page.mouse.move(box["x"] + 40 + 6 * step, box["y"] + 40 + 5 * step)
            page.wait_for_timeout(40)
        print(f"  {page.evaluate('window.latency.answers')} answers during a stroke of 2 s")
        page.mouse.up()
    return took


def main() -> None:
    """Print median, 95th percentile and worst for both pads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strokes", type=int, default=15)
    parser.add_argument("--models", nargs="+", default=list(catalogue.shipped())[:1])
    options = parser.parse_args()
    asked = "&".join(f"model={name}" for name in options.models)
    print(
        f"models: {', '.join(options.models)}; {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} over the last minute"
    )
    with (
        tempfile.TemporaryDirectory() as runs,
        sync_playwright() as playwright,
        running_app(runs) as (address, process),
        playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser,
    ):
        for name, goal in GOALS.items():
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            url = f"{address}/classify?{asked}"
            took = sorted(measure(page, url, name, options.strokes, psutil.Process(process.pid)))
            page.close()
            late = took[min(len(took) - 1, int(0.95 * len(took)))]
            print(
                f"{name}: median {statistics.median(took):.0f} ms, 95th percentile "
                f"{late:.0f} ms, worst {took[-1]:.0f} ms of {len(took)} (goal {goal} ms)"
            )
    print(f"load {os.getloadavg()[0]:.1f} afterwards")


if __name__ == "__main__":
    main()

"""How fast the browse page answers: `python -m benchmarks.browse [address of a running app]`.

Starts the app if no address is given. Script time is that of a whole rerun in Streamlit's own test
harness; the browser's times run from the click to the second frame after the change is on screen.
"""

import os
import platform
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PORT = 8539
REPEATS = 15

# Click `selector` (a CSS path, " >>> " steps into a component), wait until `ready(value)` is true
# of the text or label at `watch`, then for two frames; returns milliseconds.
CLICK_TO_SCREEN = """async ([click, watch]) => {
    const find = path => path.split(" >>> ").reduce((from, part) => {
        for (const root of from) {
            const found = [...root.querySelectorAll(part)]
            if (found.length) return found.map(at => at.shadowRoot ?? at)
        }
        return []
    }, [document])[0]
    const read = () => {
        const at = find(watch)
        return at ? at.getAttribute?.("aria-label") || at.textContent : null
    }
    const frame = () => new Promise(requestAnimationFrame)
    const before = read()
    const start = performance.now()
    find(click).click()
    while (read() === before || read() === null) {
        if (performance.now() - start > 20000) throw new Error("nothing changed: " + before)
        await frame()
    }
    await frame()
    await frame()
    return performance.now() - start
}"""

SHEET = "[data-testid=stBidiComponentIsolated] >>> .cell"
NEXT_PAGE = "[data-testid=stPagination] button:last-of-type"


def milliseconds(action: Callable[[], object]) -> float:
    """Return how long `action` takes."""
    start = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - start)


def row(what: str, times: list[float]) -> None:
    """Print one line of the table."""
    ordered = sorted(times)
    print(f"{what:<52} median {statistics.median(times):6.0f} ms   worst {ordered[-1]:6.0f} ms")


def computations() -> None:
    """Time what is made once, and one search for neighbours."""
    from fmnist_core.data import fashion_mnist
    from fmnist_core.data.neighbours import NeighbourIndex
    from fmnist_core.data.statistics import class_images, oddness
    from pages.components.contact_sheet import sprite

    train, test = fashion_mnist.load("train"), fashion_mnist.load("test")
    for count in (100, 400):
        some = train.images[:count]
        times = [milliseconds(lambda some=some: sprite(some)) for _ in range(REPEATS)]  # type: ignore[misc]
        row(f"picture of {count} images", times)
    mean = class_images(train.images, train.labels).mean
    row("typicality, once", [milliseconds(lambda: oddness(train.images, train.labels, mean))])
    row("neighbour index, once", [milliseconds(lambda: NeighbourIndex(train.images))])
    index = NeighbourIndex(train.images)
    queries = test.images[::100]
    times = [milliseconds(lambda image=image: index.nearest(image, 8)) for image in queries]  # type: ignore[misc]
    row("8 nearest of 60,000, exact, 100 test images", times)


def scripts() -> None:
    """Time whole reruns of the page without a browser."""
    from streamlit.testing.v1 import AppTest

    for size in ("25", "100", "400"):
        app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
        app.session_state["_navigation"] = True
        app.switch_page("pages/browse.py")
        app.query_params["size"] = size
        app.run()
        times = [milliseconds(app.run) for _ in range(REPEATS)]
        row(f"script, page of {size} images", times)


def browser(address: str) -> None:
    """Time clicks in a real Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        for size in (25, 100, 400):
            page.goto(f"{address}/browse?size={size}")
            page.get_by_role("option").nth(size - 1).wait_for()
            page.wait_for_timeout(1500)
            times = [page.evaluate(CLICK_TO_SCREEN, [NEXT_PAGE, SHEET]) for _ in range(REPEATS)]
            row(f"browser, click to next page of {size}", times)
        page.goto(f"{address}/browse?image=0")
        page.get_by_role("dialog").get_by_role("option").first.wait_for()
        page.wait_for_timeout(1500)
        dialog = "[role=dialog] [data-testid=stBidiComponentIsolated] >>> "
        times = []
        for _ in range(REPEATS):
            times.append(page.evaluate(CLICK_TO_SCREEN, [f"{dialog}.cell", f"{dialog}canvas"]))
            page.wait_for_timeout(400)
        row("browser, click to the large picture of a neighbour", times)
        chromium.close()


@contextmanager
def running_app() -> Iterator[str]:
    """Start the app and give its address."""
    address = f"http://127.0.0.1:{PORT}"
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.headless=1"]
    process = subprocess.Popen(
        [*command, f"--server.port={PORT}", "--server.fileWatcherType=none"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def main() -> None:
    """Print all measurements."""
    sys.path.insert(0, str(ROOT))
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, ", end="")
    print(f"load {os.getloadavg()[0]:.1f} (1 minute)")
    computations()
    scripts()
    if len(sys.argv) > 1:
        browser(sys.argv[1])
    else:
        with running_app() as address:
            browser(address)


if __name__ == "__main__":
    main()

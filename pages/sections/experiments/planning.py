"""What a new sweep should try and may cost, and the button that begins it."""

import math

import streamlit as st

from fmnist_core.guide.glossary import explain
from fmnist_core.recipes import host
from fmnist_core.recipes.options import Option
from fmnist_core.recipes.presets import slug
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.sweeps.plan import LONGEST_TOML, METHODS, MOST_SEEDS, Plan, of_seeds
from fmnist_core.sweeps.ranges import Range, SweepError, Value, capital, in_words, searchable
from fmnist_core.translation import digits, mark, say
from fmnist_core.wording import duration_range
from pages.shared.markdown import plain
from pages.shared.resources import conductor, engine, sweep_store
from pages.shared.visitor import visitor_id

FIRST = ("learning_rate", "batch_size")
LOGARITHMIC = ("learning_rate", "weight_decay", "batch_size")
_METHOD_WORDS = {"tpe": "TPE", "random": mark("Random"), "grid": mark("Grid")}


def search(recipe: Recipe) -> None:
    """Show the form for a search over hyperparameters of `recipe`."""
    known = searchable(recipe)
    names = st.multiselect(
        say("Hyperparameters to search"),
        list(known),
        [key for key in FIRST if key in known],
        format_func=lambda key: _label(recipe, key),
        max_selections=8,
        key=f"sweep_keys_{slug(recipe.name)}",
    )
    method = st.segmented_control(
        say("How"),
        list(_METHOD_WORDS),
        default="tpe",
        required=True,
        format_func=lambda name: say(_METHOD_WORDS[name]),
        key="sweep_method",
    )
    st.caption(say(METHODS[method]))
    ranges: dict[str, Range] = {}
    problem = ""
    grid = st.grid("auto", min_column_width=280, gap="medium")
    for key in names:
        with grid.cell(), st.container(border=True):
            try:
                ranges[key] = _range(recipe, key, known[key], method)
            except SweepError as error:
                problem = problem or str(error)
                st.caption(f":red[{plain(str(error))}]")
    most = host.current()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        trials = st.number_input(
            say("Trials"),
            1,
            most.trials,
            min(12, most.trials),
            key="sweep_trials",
            disabled=method == "grid",
            width=140,
            help=explain("trial"),
        )
        epochs = st.number_input(
            say("Epochs each"),
            1,
            most.epochs,
            min(recipe.epochs, most.epochs),
            key=f"sweep_epochs_{slug(recipe.name)}",
            width=140,
        )
        minutes = st.number_input(
            say("At most, minutes"),
            0,
            10_000,
            0,
            key="sweep_minutes",
            width=160,
            help=say("No new trial begins after that; 0 is no bound."),
        )
        seed = st.number_input(say("Seed"), 0, 2**31 - 1, 0, key="sweep_seed", width=120)
        pruning = st.toggle(say("Prune"), True, key="sweep_pruning", help=explain("pruning"))
    plan = Plan(
        recipe.changed(epochs=epochs),
        ranges,
        f"{recipe.name}: {', '.join(map(in_words, names))}"[:60],
        method,
        trials,
        seed,
        pruning,
        minutes,
    )
    if not problem:
        offer(plan, "sweep_begin")


def repeat(recipe: Recipe) -> None:
    """Show the form for training `recipe` with several seeds."""
    st.markdown(
        say(
            "The same recipe, other chance: other first weights, another order of the images. How "
            "far the results spread says which differences between recipes mean anything."
        )
    )
    most = min(MOST_SEEDS, host.current().trials)
    count = st.slider(say("Seeds"), 2, most, 5, key="sweep_seeds", width=360)
    offer(of_seeds(recipe, count), "seeds_begin")


def from_file() -> None:
    """Let the visitor begin a sweep that somebody wrote down as TOML."""
    st.markdown(
        say(
            "A sweep is a small TOML file, which also runs without the app: "
            "`python -m fmnist_core sweep FILE.toml`. Every sweep here can be downloaded as one."
        )
    )
    uploaded = st.file_uploader(
        say("Sweep file"), type=["toml"], key="sweep_file", max_upload_size=1, width=480
    )
    if uploaded is None:
        return
    try:
        plan = Plan.from_toml(uploaded.getvalue()[: LONGEST_TOML + 1])
    except SweepError as error:
        st.error(plain(str(error)), icon=":material/block:")
        return
    st.markdown(
        say(
            "**{name}**: {count} trials of *{recipe}*",
            name=plain(plan.name),
            count=plan.size,
            recipe=plain(plan.recipe.name),
        )
    )
    offer(plan, "file_begin")


def offer(plan: Plan, key: str) -> None:
    """Say what a plan costs and offer to begin it; say in words why it cannot be."""
    try:
        plan.check(host.current())
    except SweepError as error:
        st.error(plain(str(error)), icon=":material/block:")
        return
    low, high = plan.estimate(engine().slots)
    words = mark("About {time} for {count} trials.")
    if plan.pruning and plan.size > 4:
        words = mark("About {time} for {count} trials, sooner with pruning.")
    words = say(words, time=duration_range(low, high), count=plan.size)
    if (most := host.current()).shared:
        shared = say(
            "This host is shared: at most {trials} trials, and beyond {minutes} minutes of "
            "training an hour they go on while nobody else waits.",
            trials=most.trials,
            minutes=most.minutes_an_hour,
        )
        words = f"{words} {shared}"
    st.caption(words)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(say("Begin"), type="primary", icon=":material/play_arrow:", key=key):
            _begin(plan)
        toml_download(plan, f"{key}_file")


def toml_download(plan: Plan, key: str) -> None:
    """Offer a plan as the file that the command line takes."""
    st.download_button(
        say("Download as TOML"),
        plan.to_toml(),
        file_name=f"{slug(plan.name) or 'sweep'}.toml",
        mime="application/toml",
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )


def _begin(plan: Plan) -> None:
    try:
        sweep = sweep_store().create(plan, visitor_id())
    except SweepError as error:
        st.warning(plain(str(error)), icon=":material/hourglass_top:")
        return
    conductor().resume(sweep)
    st.query_params.from_dict({"sweep": sweep.id})
    st.rerun()


def _label(recipe: Recipe, key: str) -> str:
    if key.startswith("layers."):
        _, number, name = key.split(".")
        kind = recipe.layers[int(number) - 1].label()
        option = say(name.replace("_", " "))
        return say("Layer {number}, {kind}: {option}", number=number, kind=kind, option=option)
    return capital(in_words(key))


def _present(recipe: Recipe, key: str) -> Value:
    room, _, rest = key.partition(".")
    if room == "layers":
        number, _, name = rest.partition(".")
        value: Value = getattr(recipe.layers[int(number) - 1], name)
    else:
        value = getattr(recipe.augmentation, rest) if rest else getattr(recipe, key)
    return value


def _range(recipe: Recipe, key: str, option: Option, method: str) -> Range:
    """Show the controls of one range and return it; raises SweepError for one that cannot be."""
    present = _present(recipe, key)
    label, name = _label(recipe, key), f"sweep_{slug(recipe.name)}_{key}_{method == 'grid'}"
    now = digits(present, "g") if isinstance(present, float) else _choice(present)
    st.markdown(say("**{label}**, now {value}", label=label, value=now))
    if option.kind in ("choice", "switch"):
        choices: list[Value] = [*option.choices] if option.kind == "choice" else [False, True]
        picked = st.multiselect(
            say("Values"),
            choices,
            [present] if option.kind == "choice" else choices,
            format_func=_choice,
            key=name,
        )
        return Range.from_data(label, picked)
    low, high = _around(option, float(present))
    whole = option.kind == "integer"
    if method == "grid":
        middle = (low * high) ** 0.5 if low > 0 else (low + high) / 2
        values = [low, middle, high]
        start = ", ".join(f"{round(one) if whole else float(f'{one:.2g}'):g}" for one in values)
        title = say("Values, with commas between")
        written = st.text_input(title, start, max_chars=300, key=name)
        return Range.from_data(label, [_number(label, one, whole) for one in written.split(",")])
    kind = int if whole else float
    with st.container(horizontal=True, vertical_alignment="bottom"):
        bounds = kind(option.low), kind(option.high)
        shape = None if whole else "%g"
        step = 1 if whole else max(low / 2, 1e-6)
        first = st.number_input(
            say("From"), *bounds, kind(low), kind(step), shape, key=f"{name}_low"
        )
        last = st.number_input(
            say("To"), *bounds, kind(high), kind(step), shape, key=f"{name}_high"
        )
    log = st.toggle(
        say("Logarithmic"),
        key in LOGARITHMIC and low > 0,
        key=f"{name}_log",
        help=say("Draws as often from 0.001 to 0.01 as from 0.01 to 0.1."),
    )
    return Range.from_data(label, {"low": first, "high": last, "log": log})


def _choice(value: Value) -> str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return str(value)


def _around(option: Option, present: float) -> tuple[float, float]:
    """Return a range around the present value that is worth a search."""
    factor = 8 if option.kind == "real" else 2
    if present <= 0:
        return option.low, option.low + (option.high - option.low) / 4
    low, high = max(option.low, present / factor), min(option.high, present * factor)
    if option.kind == "integer":
        return math.floor(low), max(math.ceil(high), math.floor(low) + 1)
    return float(f"{low:.1g}"), float(f"{high:.1g}")


def _number(label: str, text: str, whole: bool) -> float | int:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        problem = mark("{label}: “{text}” is no number; write numbers with commas between.")
        if whole:
            problem = mark(
                "{label}: “{text}” is no whole number; write numbers with commas between."
            )
        raise SweepError(say(problem, label=label, text=text.strip()[:20])) from None

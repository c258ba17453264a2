"""The visitor's runs as a table to sort and choose from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from fmnist_core.evaluation.metrics import wilson
from fmnist_core.guide.glossary import explain
from fmnist_core.recipes.comparison import flat
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.run import EVALUATION, HISTORY, Run
from fmnist_core.runs.status import RunError
from fmnist_core.sweeps.ranges import capital
from fmnist_core.translation import say
from fmnist_core.wording import percent
from pages.shared.markdown import plain
from pages.shared.resources import images
from pages.shared.runs.words import STATUSES


def run_table(runs: Sequence[Run]) -> list[Run]:
    """Show `runs` and return the ones whose rows are ticked, in the order of the table.

    Columns have English names in the table, as in its files, and the reader's on the screen.
    """
    fields = {run.id: _fields(run) for run in runs}
    words, grouped = "", None
    if len(runs) > 1:
        words, grouped = _find(fields)
    runs = [run for run in runs if _matches(run, fields[run.id], words)]
    if grouped:
        runs = sorted(runs, key=lambda run: fields[run.id].get(grouped, ""))
    if not runs:
        st.caption(say("No run has these words in its name, tags, note or recipe."))
        return []
    rows = [_row(run) for run in runs]
    if grouped:
        rows = [
            {"Name": row.pop("Name"), _title(grouped): fields[run.id].get(grouped, ""), **row}
            for run, row in zip(runs, rows, strict=True)
        ]
    table = pd.DataFrame(rows)
    # The key names the runs: rows that move must not pass their tick on to a neighbour.
    key = "runs_" + "".join(run.id[:6] for run in runs)
    event = st.dataframe(
        table.assign(Status=[say(one) for one in table["Status"]]),
        hide_index=True,
        column_config=_columns(grouped),
        on_select="rerun",
        selection_mode="multi-row",
        key=key,
        placeholder="–",
        alt=say("Your runs"),
    )
    if grouped:
        _means(table, grouped)
    _downloads(table, [fields[run.id] for run in runs])
    chosen = event["selection"]["rows"]
    return [runs[row] for row in chosen if 0 <= row < len(runs)]


def _columns(grouped: str | None) -> dict[str, Any]:
    columns = {
        "Name": st.column_config.TextColumn(say("Name"), pinned=True),
        "Status": st.column_config.TextColumn(say("Status")),
        "Test accuracy": st.column_config.NumberColumn(
            say("Test accuracy"),
            format="percent",
            help=explain("test-set", say("With the best epoch's weights.")),
        ),
        "Best validation": st.column_config.NumberColumn(
            say("Best validation"),
            format="percent",
            help=explain("validation-set", say("The highest of any epoch.")),
        ),
        "Done": st.column_config.ProgressColumn(
            say("Done"), format="percent", help=say("Share of planned epochs.")
        ),
        "Parameters": st.column_config.NumberColumn(
            say("Parameters"), format="localized", help=explain("parameters")
        ),
        "Images a second": st.column_config.NumberColumn(
            say("Images a second"), format="localized"
        ),
        "Tags": st.column_config.ListColumn(say("Tags")),
        "Made": st.column_config.DatetimeColumn(say("Made"), format="distance"),
    }
    if grouped and _title(grouped) not in columns:
        columns[_title(grouped)] = st.column_config.Column(capital(say(grouped)))
    return columns


def _find(fields: dict[str, dict[str, str]]) -> tuple[str, str | None]:
    """Show the search and what to group by; return both."""
    known = dict.fromkeys(key for found in fields.values() for key in found)
    varied = [key for key in known if len({found.get(key) for found in fields.values()}) > 1]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            say("Search"),
            key="runs_search",
            max_chars=60,
            icon=":material/search:",
            placeholder=say("name, tag, note, adam …"),
            width=280,
        )
        grouped: str | None = st.selectbox(
            say("Group by"),
            varied,
            None,
            format_func=lambda key: capital(say(key)),
            key="runs_group",
            placeholder=say("Nothing"),
            width=220,
        )
    return words.lower(), grouped


def _title(key: str) -> str:
    return key.capitalize()


def _fields(run: Run) -> dict[str, str]:
    try:
        return flat(run.recipe)
    except RunError:
        return {}


def _matches(run: Run, fields: dict[str, str], words: str) -> bool:
    """Return whether every word is somewhere in a run's name, tags, note or recipe."""
    if not words:
        return True
    text = " ".join([run.status().name, *run.about.tags, run.about.note, *fields.values()]).lower()
    return all(word in text for word in words.split())


def _means(table: pd.DataFrame, grouped: str) -> None:
    """Say how good each group is on average."""
    known = table.dropna(subset=["Best validation"])
    groups = known.groupby(_title(grouped))["Best validation"].agg(["mean", "count"])
    words = [
        f"{plain(str(name))}: {percent(float(row['mean']), 2)} ({int(row['count'])})"
        for name, row in groups.iterrows()
    ]
    st.caption(
        say("Mean of the best validation accuracy (runs). {groups}", groups="; ".join(words))
    )


def _downloads(table: pd.DataFrame, fields: Sequence[dict[str, str]]) -> None:
    def whole() -> pd.DataFrame:
        return pd.concat([table, pd.DataFrame(fields).add_prefix("recipe: ")], axis=1)

    with st.container(horizontal=True):
        st.download_button(
            say("Table (CSV)"),
            lambda: whole().to_csv(index=False),
            "runs.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
            type="tertiary",
        )
        st.download_button(
            say("Table (Parquet)"),
            lambda: whole().to_parquet(index=False),
            "runs.parquet",
            "application/vnd.apache.parquet",
            icon=":material/table:",
            on_click="ignore",
            type="tertiary",
        )


def _row(run: Run) -> dict[str, object]:
    status = run.status()
    try:
        parameters: int | None = run.recipe.parameters
    except RunError:
        parameters = None
    speed = status.images_per_second
    tested = final_accuracy(run)
    return {
        "Name": status.name,
        "Status": STATUSES[status.status][0],
        "Test accuracy": tested[0] if tested else None,
        "Best validation": _best_validation(str(run.folder), _stamp(run, HISTORY)),
        "Done": status.progress,
        "Parameters": parameters,
        "Images a second": None if speed is None else round(speed),
        "Tags": run.about.tags,
        "Made": pd.Timestamp(status.created, unit="s", tz="UTC"),
    }


def final_accuracy(run: Run) -> tuple[float, tuple[float, float]] | None:
    """Return a run's test accuracy and its 95 % interval, or None before it is evaluated."""
    return _final_accuracy(str(run.folder), _stamp(run, EVALUATION))


def _stamp(run: Run, name: str) -> tuple[int, int] | None:
    # What a file's content is remembered by: it is replaced or grows, never changed in place.
    try:
        found = (run.folder / name).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@st.cache_data(max_entries=1000, show_spinner=False)
def _final_accuracy(
    folder: str, stamp: tuple[int, int] | None
) -> tuple[float, tuple[float, float]] | None:
    found = Run(Path(folder)).evaluation() if stamp else None
    labels = images("test").labels
    if found is None or len(found.test_probabilities) != len(labels):
        return None
    correct = int((found.test_probabilities.argmax(1) == labels).sum())
    return correct / len(labels), wilson(correct, len(labels))


@st.cache_data(max_entries=1000, show_spinner=False)
def _best_validation(folder: str, stamp: tuple[int, int] | None) -> float | None:
    rows = epoch_rows(Run(Path(folder)).history()[0]) if stamp else []
    return max((row.val_accuracy for row in rows if row.val_accuracy), default=None)

"""Files that a visitor uploads: each one answered for itself, a bad one named in one sentence."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.models.catalogue import Model
from fmnist_core.preprocessing import prepare
from fmnist_core.preprocessing.item import Item, KindWish, Overrides
from fmnist_core.preprocessing.open_picture import (
    ENDINGS,
    PictureError,
    limits,
    open_picture,
)
from fmnist_core.translation import digits, language, mark, say
from pages.components.encoding import png
from pages.sections.classify.answering import Result, ask, show, waiting
from pages.sections.classify.corrections import wishes
from pages.shared.markdown import plain

# Each takes up to half a second; a hundred would make the visitor wait too long at once.
MOST = 40
_KINDS = {"drawing": mark("drawing"), "photo": mark("photo"), "dataset": mark("dataset")}


class Upload(NamedTuple):
    """A readable file: the name its owner gave it, a name for its corrections, the picture."""

    name: str
    place: str
    picture: Image.Image


def uploads(models: Sequence[Model], left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Let the visitor upload files in `left`, and show the answer for the chosen one in `right`."""
    with left:
        files = st.file_uploader(
            say("Pictures of clothes, shoes or bags"),
            type=list(ENDINGS),
            accept_multiple_files=True,
            key="uploads",
            help=say(
                "{limits}. Nothing is stored: the pictures are forgotten when you leave.",
                limits=limits(),
            ),
        )
        if len(files) > MOST:
            st.warning(
                say(
                    "You chose {count} files; the first {most} are looked at.",
                    count=len(files),
                    most=MOST,
                ),
                icon=":material/filter_list:",
            )
        readable = _readable([(file.name, file.getvalue()) for file in files[:MOST]])
        if not readable:
            waiting(
                models,
                right,
                say("Upload one or more pictures. One item on a plain ground works best.")
                if not files
                else say("None of these files could be read."),
            )
            return
        results = _results(readable, models)
        chosen = _table(readable, results) if len(readable) > 1 else 0
    show(results[chosen], right, name=readable[chosen].place)


def _readable(files: list[tuple[str, bytes]]) -> list[Upload]:
    """Return the files that are pictures; say in one sentence each why the others are not."""
    readable = []
    for name, content in files:
        digest = hashlib.sha256(content).hexdigest()[:16]
        found = _open(content, digest)
        if isinstance(found, PictureError):
            st.error(f"**{plain(name[:80])}**: {plain(str(found))}", icon=":material/broken_image:")
        else:
            readable.append(Upload(name, f"upload_{digest}", found))
    return readable


@st.cache_resource(scope="session", max_entries=MOST, show_spinner=False)
def _open(_content: bytes, digest: str) -> Image.Image | PictureError:
    try:
        return open_picture(_content)
    except PictureError as error:
        # Kept as well: a costly file would take its seconds again at every click.
        return error


@st.cache_resource(scope="session", max_entries=2 * MOST, show_spinner=False)
def _prepare(
    _picture: Image.Image, place: str, kind: KindWish, overrides: Overrides, language: str
) -> Item:
    """Return what `prepare` does, in whose stages are sentences in the visitor's language."""
    return prepare.prepare(_picture, kind, overrides)


def _results(readable: Sequence[Upload], models: Sequence[Model]) -> list[Result]:
    results = []
    progress = st.empty()
    for at, upload in enumerate(readable):
        if len(readable) > 3:
            words = say("Preparing {number} of {count}", number=at + 1, count=len(readable))
            progress.progress(at / len(readable), words)
        item = _prepare(upload.picture, upload.place, *wishes(upload.place), language())
        results.append(ask(item, models))
    progress.empty()
    return results


def _table(readable: Sequence[Upload], results: Sequence[Result]) -> int:
    """Show one line a file and return which one was chosen, the first at the start."""
    rows = []
    for upload, result in zip(readable, results, strict=True):
        row = {
            say("Picture"): png(np.asarray(upload.picture), 64),
            say("File"): upload.name,
            say("Taken for"): say(_KINDS[result.item.kind]),
        }
        for opinion in result.opinions:
            row[opinion.model.title] = _word(opinion.probabilities)
        rows.append(row)
    st.caption(say("Choose a line to see its stages."))
    event = st.dataframe(
        pd.DataFrame(rows),
        key="upload_table",
        hide_index=True,
        height="content" if len(rows) <= 8 else 340,
        row_height=44,
        on_select="rerun",
        selection_mode="single-row-required",
        column_config={say("Picture"): st.column_config.ImageColumn(width=64)},
    )
    rows_chosen = event.selection.rows
    return rows_chosen[0] if rows_chosen and rows_chosen[0] < len(readable) else 0


def _word(probabilities: np.ndarray | None) -> str:
    if probabilities is None:
        return say("nothing found")
    top = int(probabilities.argmax())
    return f"{say(CLASS_NAMES[top])} {digits(100 * probabilities[top], '.0f')} %"

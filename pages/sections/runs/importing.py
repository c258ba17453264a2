"""Bringing a model from elsewhere: a bundle's recipe and weights become a run."""

import streamlit as st

from fmnist_core.runs.bundles import MOST_BYTES, import_bundle
from fmnist_core.runs.status import RunError
from fmnist_core.translation import say
from pages.shared.markdown import plain
from pages.shared.resources import engine, run_store

_UPLOADS = "bundle_uploads"


def import_run(visitor: str) -> None:
    """Offer to take over a bundle; its network is measured and then a run like any other."""
    with st.popover(say("Import a bundle"), icon=":material/upload:"):
        st.markdown(
            say(
                "A bundle from *Evaluate*, made here or elsewhere. Its recipe and its plain "
                "weights are read, never a model file; the network is measured anew."
            )
        )
        uploads = st.session_state.setdefault(_UPLOADS, 0)
        uploaded = st.file_uploader(
            say("Bundle (.zip)"),
            type=["zip"],
            key=f"bundle_upload_{uploads}",
            max_upload_size=MOST_BYTES // 10**6,
        )
        if uploaded is None:
            return
        try:
            run = import_bundle(uploaded.getvalue(), run_store(), visitor)
            engine().submit(run)
        except RunError as error:
            st.error(plain(str(error)), icon=":material/block:")
            return
        st.session_state[_UPLOADS] += 1
        st.switch_page("pages/train.py", query_params={"run": run.id})

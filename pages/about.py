"""What this app is made of, what it keeps, and how the host is that it runs on."""

import platform
from importlib.metadata import PackageNotFoundError, version

import streamlit as st

from fmnist_core import __version__
from fmnist_core.recipes import host
from fmnist_core.translation import say
from pages.sections.about.host import limits_table, status, table
from pages.sections.about.licences import LICENCES, licence_text
from pages.sections.about.privacy import privacy
from pages.shared.navigation import ensure_navigation

SOURCE = "https://github.com/zalandoresearch/fashion-mnist"
# TensorFlow's package has another name on each platform; its import would slow every click.
PACKAGES = (
    ("TensorFlow", "tensorflow-cpu", "tensorflow"),
    ("Keras", "keras"),
    ("LiteRT", "ai-edge-litert"),
    ("Dask", "distributed"),
    ("Streamlit", "streamlit"),
)


def installed(*names: str) -> str:
    """Return the version of the first of these packages that is installed."""
    for name in names:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return say("not installed")


ensure_navigation()
st.title(say("About"), anchor=False)
st.markdown(
    say(
        "What this app is made of, where its data come from, what it keeps of you, and how the "
        "host is that it runs on."
    )
)
left, right = st.columns(2, gap="large")
with left:
    st.subheader(say("This host"), anchor="host")
    status()
    st.markdown(
        say(
            "For whoever runs it: `/_stcore/health` answers `ok` while the web process is well. "
            "It says nothing of the engine, without which all pages but training and explaining "
            "work."
        )
    )
    limits = host.current()
    limits_table(limits)
with right:
    st.subheader(say("Versions"), anchor="versions")
    made_of = [(name, installed(*names)) for name, *names in PACKAGES]
    made_of = [("Fashion-MNIST Lab", __version__), ("Python", platform.python_version()), *made_of]
    st.markdown(table(say("Part"), say("Version"), made_of))
    st.subheader(say("Data"), anchor="data")
    st.markdown(
        say(
            "The 70,000 images are **Fashion-MNIST**, © 2017 Zalando SE, under the MIT licence: "
            "the [unchanged original files]({source}), checked by SHA-256 whenever they are read. "
            "Han Xiao, Kashif Rasul and Roland Vollgraf describe them in "
            "[arXiv:1708.07747](https://arxiv.org/abs/1708.07747). The shipped models were trained "
            "by this project on these images. *Field* learned from photos of a public clothing "
            "data set too, which are not part of this app.",
            source=SOURCE,
        )
    )
    st.subheader(say("Licences"), anchor="licences")
    st.markdown(say("The code of this app is under the MIT licence."))
    for title, path in LICENCES.items():
        with st.expander(say(title)):
            st.markdown(licence_text(path))
st.subheader(say("Privacy"), anchor="privacy")
privacy(limits)

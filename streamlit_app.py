"""Page settings and navigation; every screen is a file in pages/."""

import streamlit as st

from fmnist_core.paths import ASSETS
from pages.shared.navigation import navigation
from pages.shared.resources import guard, warm_up

page = navigation()
st.set_page_config(
    page_title=f"{page.title} · Fashion-MNIST Lab",
    page_icon=ASSETS / "icon.svg",
    layout="wide",
)
st.html(ASSETS / "style.css")
try:
    with guard():
        page.run()
finally:
    warm_up()

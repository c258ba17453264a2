"""The first page: what this is and the way through it."""

import streamlit as st

from pages.shared.navigation import ensure_navigation

ensure_navigation()
st.title("Fashion-MNIST Lab")

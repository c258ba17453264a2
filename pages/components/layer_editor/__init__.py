"""The list of layers in the browser: add, remove, reorder and edit."""

from pages.components.register import register

# Streamlit knows it by the name it was made under: keys, styles and tests hold on to it.
layer_editor = register(__file__, "layer_builder")

"""Data, models and training behind Fashion-MNIST Lab; never imports Streamlit."""

__version__ = "2026.11"

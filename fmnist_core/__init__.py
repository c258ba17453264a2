"""Data, models and training behind Fashion-MNIST Lab; never imports Streamlit."""

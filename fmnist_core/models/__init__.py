"""Trained networks: cards, LiteRT and Keras, features, calibration, private copies."""

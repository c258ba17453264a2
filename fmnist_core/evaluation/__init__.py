"""Probabilities and labels to metrics, slices, corruptions and attacks."""

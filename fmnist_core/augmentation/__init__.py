"""Varied training images: geometric ones, and drawings made from nothing."""

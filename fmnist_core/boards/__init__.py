"""Boards: what a class trains and draws, side by side, under nicknames."""

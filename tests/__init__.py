"""Tests; a package, so that two folders may each have a test of the same name."""

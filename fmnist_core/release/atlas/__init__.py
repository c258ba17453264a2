"""Makes the files of the map and of the label detective."""

"""An experiment, complete and frozen, in plain Python: layers, options, limits, cost."""

"""Makes the network that cuts items out of photos."""

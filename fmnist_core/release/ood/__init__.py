"""Makes the out-of-distribution detector."""

"""A trained model to take along: other formats, a card, a bundle that tests itself."""

"""What happened to a recipe: a folder with status, history and moments."""

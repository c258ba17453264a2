"""What the app asks and explains: glossary, missions, journal, games."""

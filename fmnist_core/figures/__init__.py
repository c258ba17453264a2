"""Arrays to charts and colour maps, one look; nothing is computed here."""

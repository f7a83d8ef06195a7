"""Rules that are ready to be added, and where in an organisation's data map they fit."""

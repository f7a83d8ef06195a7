"""The preference centre: what a person agreed to, and changing their mind."""

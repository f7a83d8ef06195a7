"""Telling everybody concerned of a new version of the privacy notice."""

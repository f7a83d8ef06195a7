"""Disclosures: what may be written into the log, who writes it, and what is asked of it."""

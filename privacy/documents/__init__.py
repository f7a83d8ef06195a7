"""Documents that people and officers hand in: what is taken, how it is kept, scanned, and turned into images."""

"""Who was erased, as keyed fingerprints, and whether they came back."""

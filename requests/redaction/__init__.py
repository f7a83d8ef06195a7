"""Redaction: parts of a document painted over, each with its reason, and a new flattened file made of images."""

"""The answer to a portability request: what the person gave us, in a form that another system can take in."""

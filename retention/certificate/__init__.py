"""Certificates of completed runs: what they say, how they are issued, read, checked and printed."""

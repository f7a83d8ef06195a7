"""Rows that an erasure left because the law wanted them kept, until the law does not want it any more."""

"""The REST calls by which systems of the organisation read what retention did, and its proofs."""

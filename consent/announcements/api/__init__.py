"""The call by which systems of the organisation say that somebody accepted a notice."""

"""The portal's own tables as a source: the organisation's record of its own work ends by rules like any other data."""

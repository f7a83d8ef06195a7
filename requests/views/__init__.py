"""The pages of the portal about requests."""

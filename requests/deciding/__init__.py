"""Deciding a case part by part: what was found, what an officer says of it, what that leaves out, who is told what."""

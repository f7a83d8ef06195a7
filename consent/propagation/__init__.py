"""Passing withdrawals on to whoever else uses the data for the purpose."""

"""Binds workflow steps to job names and runs them."""

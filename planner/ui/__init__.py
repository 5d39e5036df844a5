"""Thin pages and words: ask, call one function of the service, show."""

"""Rotations: which night plan is used on which night, so that nobody can tell the next."""

"""Patrol routes: what a visit is worth, the search for routes, their proof, and their rules."""

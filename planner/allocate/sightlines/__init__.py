"""Sightlines: what a camera sees, where buildings block the view, how sharply, and after dark."""

"""The answer as people read it: routes with reasons, choices, what was left out and why."""

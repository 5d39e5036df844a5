"""Mid-shift: what was walked stays fixed, the rest is planned again."""

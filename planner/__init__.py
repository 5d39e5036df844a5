"""Intelligence-led deployment for a university estate.

Turns a security service's incident records into hotspots, a forecast of risk, patrol routes
and camera positions. It is about places, never about persons.
"""

__version__ = "0.5.0"

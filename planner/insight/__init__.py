"""What it means: exposure, timing, hotspots and risk."""

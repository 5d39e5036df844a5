"""Recording changes: places whose incidents say more of how things are recorded than of risk."""

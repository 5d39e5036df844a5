"""What is kept: the register of incidents and imports."""

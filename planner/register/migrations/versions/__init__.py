"""One migration a version of the register."""

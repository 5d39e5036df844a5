"""What places are called: an estate's names, and the places that people write."""

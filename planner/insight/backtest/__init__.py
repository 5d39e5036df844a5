"""How good the forecast has been, on windows that it had not seen."""

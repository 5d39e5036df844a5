"""The migrations of the register: how the tables of each version came from those before it."""

"""Risk: how much to expect where and when, with an interval and what it is made of."""

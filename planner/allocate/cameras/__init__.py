"""Where cameras should stand: what each could see, what it costs, and the choice that is best."""

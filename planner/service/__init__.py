"""Who may do what: one function for each use, shared by the command line and the app."""

"""What people see: the web map, the printed map, and files for other programs."""

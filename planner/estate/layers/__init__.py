"""Reading layers: files of sites, buildings, streets and zones that nobody has checked."""

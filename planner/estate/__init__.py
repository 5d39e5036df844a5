"""Where: sites, buildings, streets, zones and the cameras that stand already."""

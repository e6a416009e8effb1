"""Files, paths and commands read as data: nothing here runs anything."""

"""Templates that come with the program, as plain files."""

"""How the journal's schema came to be; a migration and the note that it ran commit together."""

HEAD = "0009"
"""The schema this version of the program reads and writes."""

"""Rowreel: rows of a Google Sheet become videos, each approved row exactly once."""

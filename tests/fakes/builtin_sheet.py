"""What people's columns of a sheet for the built-in template are called."""

from __future__ import annotations

HEADER = ["Approve", "Campaign", "Headline", "Subline", "Price", "CTA", "Accent colour", "Format", "Notes"]

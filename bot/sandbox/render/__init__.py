"""Draws a resolved project and encodes it as a real video file."""

"""Draws a resolved Zvid project into a real video file and a thumbnail."""

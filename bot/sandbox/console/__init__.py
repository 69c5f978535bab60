"""The fault console: a page and an API to let things go wrong while the robot is watched coping."""

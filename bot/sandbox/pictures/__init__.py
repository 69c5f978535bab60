"""The pictures that the sample rows name: drawn here, never taken from anywhere."""

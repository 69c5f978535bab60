"""The command line: one module per group of commands."""


def main() -> None:
    """The `rowreel` command."""

"""`python -m bot` is the `rowreel` command."""

from bot.cli import main

main()

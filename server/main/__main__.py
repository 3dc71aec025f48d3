"""`python -m server.main` is `baraza`."""

from server.main.cli import cli

cli()

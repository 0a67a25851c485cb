"""`shiyu plot`: figures of a comparison."""

import typer

app = typer.Typer(rich_markup_mode=None)

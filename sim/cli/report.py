"""`shiyu report`: one HTML file about a comparison."""

import typer

app = typer.Typer(rich_markup_mode=None)

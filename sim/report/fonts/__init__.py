"""Holds the Chinese typeface of figures and reports, and turns its source into it."""

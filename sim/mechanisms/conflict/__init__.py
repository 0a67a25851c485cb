"""Turns trouble between people into cases, settled ones and such as go further up."""

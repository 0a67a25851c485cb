"""Turns land, work, water and works into what people live from."""

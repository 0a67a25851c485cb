"""Turns ties and experience into trust, norms, taking part and help among people."""

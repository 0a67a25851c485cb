"""Turns money, posts and targets into what offices are able to do."""

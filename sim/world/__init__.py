"""Turns a place and a scale into people, offices and ties, and holds what happens among them.

Reading order: place (the numbers of a city), people and settlements (who lives where), offices and
posts, ties (who knows whom), graph (the same for NetworkX), disputes, queues and waits, flows (what
is counted), world (all of it together).
"""

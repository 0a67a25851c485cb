"""Turns last week's columns into this week's: one file and one class for each rule of the model.

None imports another; they meet only in columns. Folders: conflict, society, government, place.
"""

"""Searching, by fields and by words."""

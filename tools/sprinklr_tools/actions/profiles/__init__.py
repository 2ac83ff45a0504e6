"""Profiles: who customers are, across channels."""

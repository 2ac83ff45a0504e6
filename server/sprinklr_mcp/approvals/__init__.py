"""Asking a person: the question in words, the ways to answer, and the record that an answer spends."""

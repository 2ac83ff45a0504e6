"""The one SQLite file that is a Sprinklr. Knows rows and times, not requests or answers."""

"""What answers of the last day told, kept so that names and values can be offered without a call."""

"""Cases, their messages, comments and changes."""

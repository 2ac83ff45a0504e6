"""What the brand says to people outside, and with which accounts."""

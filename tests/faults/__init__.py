"""The fault campaign: thousands of faults on a raw wire, and what the product says of each, counted."""

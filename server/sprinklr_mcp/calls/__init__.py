"""One call, step by step: find → validate → permit → gather → build → approve → send → render."""

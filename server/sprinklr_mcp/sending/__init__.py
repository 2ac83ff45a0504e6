"""The way to Sprinklr and back: a request's bytes, limits, attempts, HTTP, and what an answer means."""

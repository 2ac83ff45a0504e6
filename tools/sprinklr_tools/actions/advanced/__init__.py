"""What few people need."""

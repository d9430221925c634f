"""Statistics and their files."""

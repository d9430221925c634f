"""Files and SQL to desk objects and back."""

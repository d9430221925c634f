"""The staff's web application."""

"""Rasa graph components and the training-data importer, on top of the live index."""

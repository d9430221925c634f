"""Rasa custom actions, thin: tracker to desk, desk to dispatcher and events."""

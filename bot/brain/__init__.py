"""The brain: Rasa's agent in a process of its own, reached by the gateway alone."""

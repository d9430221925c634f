"""What each command leads to, once its state allows it."""

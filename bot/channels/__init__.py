"""The platforms people write on; each package turns its protocol into our messages and back."""

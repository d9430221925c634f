"""The gateway: takes messages in, has them answered once, and delivers the answers."""

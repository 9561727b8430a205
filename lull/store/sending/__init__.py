"""Letters leave the outbox: what they say, over which transports, and links to confirm receipt."""

"""What a worker does with a job of a server: one function a kind, in memory."""

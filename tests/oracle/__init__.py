"""Exhaustive search and hand arithmetic that share no code with what they check."""

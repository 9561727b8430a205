"""What rules cost: a case planned without one of them, and without several at once."""

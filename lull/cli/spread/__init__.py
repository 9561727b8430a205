"""Where work that may be spread is done, and what becomes of what is finished."""

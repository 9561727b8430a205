"""The planner, checked by the rules, by brute force and by hand."""

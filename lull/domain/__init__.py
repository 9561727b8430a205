"""What exists in a pause, frozen and pure; every rule that a plan must keep."""

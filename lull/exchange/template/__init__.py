"""The small folder that `lull new` writes: four sites, one corridor, one morning; all invented."""

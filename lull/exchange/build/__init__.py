"""From rows and entries to the objects of the domain."""

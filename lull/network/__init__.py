"""From streets to travel times: extracts, closures, snapping, matrices and routes."""

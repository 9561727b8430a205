"""Formats in and out: the pause folder as CSV, YAML and XLSX, and a plan as JSON and GeoJSON."""

"""Measures lull on this machine: `make bench` prints a table and writes out/bench.json."""

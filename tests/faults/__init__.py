"""Faults made on purpose: kills, full disks, failing writes. `make faults` runs them over every command that writes."""

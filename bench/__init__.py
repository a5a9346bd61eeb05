"""Measures the platform over HTTP: `make bench`. What is measured, and how, is in README.md."""

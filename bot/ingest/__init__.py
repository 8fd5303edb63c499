"""Ingesting: what a path, an upload or an address stands for, read and brought into the library."""

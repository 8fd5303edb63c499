"""Fetching: pages from the web, from public addresses alone, bounded, and politely towards each site."""

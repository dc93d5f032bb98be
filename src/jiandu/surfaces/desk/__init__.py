"""The cadres' screens."""

"""Measures: one function a number, giving the rows it counts; frozen snapshots."""

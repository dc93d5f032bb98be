"""Screens and interfaces: compose the floors below, decide nothing."""

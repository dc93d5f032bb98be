"""Offices, officers, stationed bodies and the units they supervise, leader links."""

"""Published: what anybody may read, and nothing else. A frozen copy of each notice, or that it was withdrawn.

In: copies from `results.publications`, or from the bundle of the inside. Out: rows that the portal shows. Nothing here
knows who wrote or confirmed a notice, and nothing of a withdrawn one is kept but its number and its days.
"""

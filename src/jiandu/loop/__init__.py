"""The closed loop: problem, rectification, verification, look-back, outcome."""

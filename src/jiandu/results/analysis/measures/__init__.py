"""One function a number: it gives the rows that it counts, so a value and the list behind it cannot disagree."""

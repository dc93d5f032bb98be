"""The reference year: a whole fictional city-year from which the annual review of 2022 is counted, noise included."""

"""Made persons and companies for linkage: two lists of the same people, the second as another office wrote it down."""

"""What came of it: rules made, money recovered, persons talked to."""

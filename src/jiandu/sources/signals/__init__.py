"""A pointer to something another register holds, waiting for triage."""

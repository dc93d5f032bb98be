"""The only vendor SQL: triggers, search grams, row-level security. Chosen by the connection's vendor."""

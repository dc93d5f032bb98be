"""What every floor stands on; no domain."""

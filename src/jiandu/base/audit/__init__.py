"""The chained log: every act and every sensitive look, append-only, verifiable offline."""

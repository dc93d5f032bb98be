"""What each promise of speed is measured with: python -m benchmarks (README.md)."""

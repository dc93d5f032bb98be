"""Where problems come from: work that was done, and registers that raise signals."""

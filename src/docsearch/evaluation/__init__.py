"""What measurements come to: percentiles, ratios, and how two runs differ."""

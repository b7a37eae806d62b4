"""The benchmark: every line is a ratio between our time and a limit measured in the same run."""

"""The drift check of a night: the days it looks at, the thresholds it holds them to, and what it reports."""

"""What really happened: labels that join predictions when they come, and how well versions did."""

"""What each retrain was worth: what it gave on matured rows beside the version before, less machines and people."""

"""What the owners of models write in Python: features and estimators, one file a pipeline."""

"""The verbs of a night and of a retrain in their order, as the design has them."""

NIGHTLY = ["pull", "validate", "mature", "fall_back", "materialise", "calibrate", "detect", "diagnose"]
NIGHTLY += ["decide", "notify", "deliver"]
RETRAIN = ["snapshot", "train", "evaluate", "gate", "refit"]
RETRAIN += ["try_out", "ask", "invite", "approve", "promote", "announce", "deliver"]

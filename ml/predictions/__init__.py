"""What was predicted: on disk before it is answered, in the ledger soon after, each prediction once."""

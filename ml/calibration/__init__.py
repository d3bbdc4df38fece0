"""From scores of quiet nights to thresholds of a wanted rate: pure arithmetic, no night, no ledger."""

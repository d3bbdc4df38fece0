"""The prediction service: what serves answers over HTTP, and every answer is kept before it is given."""

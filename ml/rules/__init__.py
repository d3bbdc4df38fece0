"""The rules of a contract: of types, of rows, of whole days."""

"""The forms of persons and offices: one module per noun."""

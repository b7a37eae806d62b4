"""The pages of persons and offices: one module per noun."""

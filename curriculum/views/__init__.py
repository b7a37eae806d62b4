"""The pages of the CV, one module per noun."""

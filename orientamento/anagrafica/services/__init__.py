"""What changes persons and offices: one function per verb."""

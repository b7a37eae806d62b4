"""The worklist of an operator: what is due, one's own filters and reminders, passing cases to a colleague."""

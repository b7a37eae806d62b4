"""What the agenda prints: the convocation of one person, the attendance of a group: list and slips."""

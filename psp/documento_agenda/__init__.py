"""What the agenda prints: the convocation of one person, the attendance sheet of a group."""

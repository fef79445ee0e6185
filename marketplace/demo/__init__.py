"""What exists only in the demonstration: invented people, their codes, the mails sent."""

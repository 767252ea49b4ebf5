"""Who says what: accounts, what they dispute, speakers, claims."""

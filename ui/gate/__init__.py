"""What stands before the server: who asks, whether they may, how much, and what is told when it fails."""

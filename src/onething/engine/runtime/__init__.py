"""What an instance is: tokens in scopes, and what they wait for."""

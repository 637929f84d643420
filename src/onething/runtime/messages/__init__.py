"""What people are told: notices, the notice centre, e-mails and text messages."""

"""Events from and to other systems: messages in, the feed and subscriptions out."""

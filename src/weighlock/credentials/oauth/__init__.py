"""OAuth 2.0: log in, renew, revoke; for clients that the user has registered."""

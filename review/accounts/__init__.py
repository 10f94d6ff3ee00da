"""Who may work here: accounts, passwords, sessions, second factor, sign-in through a provider, and the audit log."""

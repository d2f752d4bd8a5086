"""The operations of this app: how a promotion and a rollback are carried out, step by step."""

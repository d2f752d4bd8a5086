"""The operations of this app: promotions, rollbacks, publications, withdrawals, step by step."""

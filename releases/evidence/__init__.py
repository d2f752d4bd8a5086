"""Reading evidence from the providers into the database, where the gates find it."""

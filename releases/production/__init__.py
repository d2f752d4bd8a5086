"""What may go live, and what is: gates, checklists, plans, the way back."""

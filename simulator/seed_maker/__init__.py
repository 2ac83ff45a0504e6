"""Makes the simulator's seed data: a bike shop's customers, cases and conversations. Not shipped."""

"""A page that readers can discuss, wherever it lives: its address, its title, every text it ever had."""

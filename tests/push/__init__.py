"""Push: who hears of what on their devices, and what becomes of dead tokens."""

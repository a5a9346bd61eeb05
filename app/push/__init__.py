"""Push: how word of what happened reaches people's devices."""

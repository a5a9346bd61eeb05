"""Jobs: the queue, what runs in it, and the process that runs it."""

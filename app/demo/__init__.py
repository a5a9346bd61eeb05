"""Demo data: the same organisations, people and tickets at every load, at times around the load's own."""

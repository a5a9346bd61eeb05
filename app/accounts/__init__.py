"""Pages to which the links in mail about accounts lead."""

"""A folder of Markdown files is the site: its front page, its sections, its articles with their discussions."""

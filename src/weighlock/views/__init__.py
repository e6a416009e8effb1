"""State to text, markdown, HTML and pictures; read only."""

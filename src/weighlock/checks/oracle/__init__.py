"""What is kept outside the repository and asked of the delivered program."""

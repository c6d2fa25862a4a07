"""The books: whether every dollar is where they say."""

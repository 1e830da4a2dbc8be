"""Count the words of texts."""


def count_words(text):
    """Count the words of a text."""
    return len(text.split())


def export_words(source, target):
    """Write each word on a line."""
    target.write_text("".join(f"{word}\n" for word in source.read_text().split()))

"""One vote per voter and comment; the score."""

"""Our own measurements: what a read, a post, a page cost, beside nginx and a peer, in one run on one machine."""

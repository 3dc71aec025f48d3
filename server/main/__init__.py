"""Where the program begins: settings, the composition root, and the command line."""

"""A trained network as a web page in one file, which draws, prepares and answers offline."""

"""Recipe and images to run, fine-tuning, and the same as a stand-alone script."""

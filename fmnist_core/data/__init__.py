"""The 70,000 images, checked and read-only, and what is known about them."""

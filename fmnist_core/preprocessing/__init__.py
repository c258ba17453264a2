"""Any picture to 28×28, stage by stage; arrays in, arrays out."""

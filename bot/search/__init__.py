"""The live index over the catalogue: which entry a question means, without any training."""

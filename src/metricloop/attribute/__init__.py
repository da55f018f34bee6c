"""attribute: which factors and slices moved a metric."""

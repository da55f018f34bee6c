"""metricloop: closes the loop on business metrics."""

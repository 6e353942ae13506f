/**
 * What the server counts, as Prometheus reads it: {@link
 * io.millrace.serving.metrics.ServerMetrics}. Micrometer does the work.
 */
package io.millrace.serving.metrics;

package io.millrace.datasets;

/**
 * A text table of edges: which columns mean what, counted from 0.
 *
 * @param weight -1 = edges have no weight
 */
record EdgeTable(TextFormat format, int src, int dst, int weight) {}

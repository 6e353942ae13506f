/**
 * What all benchmarks share: alternating rounds, a team of threads, medians, tables, and the facts
 * about the machine that a result states. Begin with {@link io.millrace.bench.harness.Rounds}.
 */
package io.millrace.bench.harness;

/**
 * Synthetic graphs of any size, for tests, examples and benchmarks.
 *
 * <p>Begin with {@link io.millrace.datasets.generator.GraphGenerator}, whose constants are the
 * kinds of graphs, and {@link io.millrace.datasets.generator.GeneratorOptions}. Each kind is a
 * {@code RandomGraphModel}. To add a kind, implement it and add a constant.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The files depend on options and seed only</b>, not on the number of threads: every chunk
 *       of nodes, edges or features has a random generator of its own, whose seed is a function of
 *       seed, purpose and chunk ({@code RandomStream}).
 *   <li><b>Edges and features are streamed</b> through the external sort and the writers that
 *       imports use, so a generated graph may be larger than memory.
 * </ul>
 */
package io.millrace.datasets.generator;

/**
 * The tables: graph, features, labels and splits, on disk and in memory.
 *
 * <p>What there is:
 *
 * <ul>
 *   <li>{@link io.millrace.datasets.GraphDataset}, opened from a dataset directory or built in
 *       memory: {@link io.millrace.datasets.CsrGraph}, {@link io.millrace.datasets.FeatureMatrix},
 *       {@link io.millrace.datasets.NodeLabels} and the nodes of each {@link
 *       io.millrace.datasets.Split}.
 *   <li>Ways to make one: {@link io.millrace.datasets.formats.edgelist.EdgeListImporter}, {@link
 *       io.millrace.datasets.formats.ogb.OgbImporter}, {@link
 *       io.millrace.datasets.formats.graphbolt.GraphBoltImporter}, {@link
 *       io.millrace.datasets.generator.GraphGenerator}, or edges through {@link
 *       io.millrace.datasets.csr.CsrBuilder}, which sorts more of them than memory holds.
 *   <li>{@link io.millrace.datasets.EdgeAttributes}: ids, times, weights and features of edges, in
 *       the order of the graph's.
 *   <li>{@link io.millrace.datasets.inspect.DatasetInspector}, which checks all that must hold.
 * </ul>
 *
 * <p>Arrays lie in memory as they lie in the files: little-endian, row-major, 64-byte aligned; the
 * machine must be little-endian. Bad input of any kind is a {@link io.millrace.BadInputException}
 * with one line that names file and place.
 */
package io.millrace.datasets;

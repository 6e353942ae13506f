/**
 * Feature rows during an import: read one at a time, scaled, reduced.
 *
 * <p>Begin with {@link io.millrace.datasets.formats.features.FeatureSource}. {@link
 * io.millrace.datasets.formats.features.NumpyRows} reads numpy arrays and {@link
 * io.millrace.datasets.formats.features.NpzRows} npz files; {@link
 * io.millrace.datasets.formats.features.Normalization} and {@link
 * io.millrace.datasets.formats.features.Reduction} are what the user may choose.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Features are normalised, then reduced, then rounded</b>, row by row, whatever source
 *       they come from. {@code PreparedRows} normalises in float64, because the difference of two
 *       values may be lost in float32 before the mean is subtracted. The projection is dense but
 *       takes no time for zeros, because its entries are bits of a hash. The rounding error of
 *       float16 is measured, reported and stored in {@code dataset.yaml}; a value beyond its range
 *       is an error and does not become infinite.
 *   <li><b>Standardised columns use the mean over all nodes</b>, test nodes too: features are known
 *       for all nodes, labels are not.
 * </ul>
 */
package io.millrace.datasets.formats.features;

/**
 * Graphs that come as a matrix or an array: Matrix Market files, scipy's sparse matrices, and
 * numpy's edge arrays. An entry in row <i>i</i> and column <i>j</i> is the edge <i>i</i> to
 * <i>j</i>, and its value is the edge's weight.
 *
 * <p>Begin with {@link io.millrace.datasets.formats.matrix.MatrixFile}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A symmetric Matrix Market file gives both directions of each entry</b>, and an entry on
 *       the diagonal once, because the file stores only one triangle. The number of edges is
 *       therefore larger than the number of entries.
 *   <li><b>Nothing is read by half.</b> Complex, skew-symmetric, hermitian and dense matrices are
 *       refused by name: their values or signs would be lost.
 *   <li><b>An array of shape [2, 2] is refused</b>, because its edges may be its rows or its
 *       columns.
 *   <li><b>The stated number of rows is not trusted.</b> A matrix with more than a million rows and
 *       fewer than one entry per 64 rows is refused before anything of that size is written.
 * </ul>
 */
package io.millrace.datasets.formats.matrix;

/**
 * Checks a dataset directory completely and reports its statistics.
 *
 * <p>Begin with {@link io.millrace.datasets.inspect.DatasetInspector}; the result is a {@link
 * io.millrace.datasets.inspect.DatasetReport}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>An inspection reads every byte.</b> Opening a dataset checks small files and sizes;
 *       large files are checked by their writer, and here again, checksums included. The rules
 *       themselves are in {@link io.millrace.datasets.DatasetChecks}, so both agree.
 *   <li><b>Symmetry is checked by a sum of hashes</b> instead of a search for each edge's reverse:
 *       one pass over the edges, wrong by accident once in 2^64.
 * </ul>
 */
package io.millrace.datasets.inspect;

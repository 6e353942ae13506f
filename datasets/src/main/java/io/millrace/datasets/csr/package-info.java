/**
 * Edges in any order become a graph in compressed sparse row form, by one external sort. Begin with
 * {@link io.millrace.datasets.csr.CsrBuilder}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>There is one way to build a graph</b>, whether it fits into memory or not. Run
 *       generation: each block of edges is sorted into a run, and runs beyond the memory go to one
 *       temporary file in the partial directory, which is deleted with it. Merge: all runs are cut
 *       at the same keys, and each piece is copied together, sorted and appended. An interrupted
 *       build starts again from the beginning.
 *   <li><b>The key is the destination, then the source</b>: the row of a hub is cut like any other,
 *       and one edge that occurs a billion times is a piece that needs no sort.
 *   <li><b>The files do not depend on memory, blocks or threads.</b> The radix sort is stable, and
 *       runs are in the order of the input.
 *   <li><b>Attributes move with their edge.</b> A reverse edge has the attributes of the given
 *       edge, its id included. Of duplicates the first in the input is kept, with its attributes:
 *       weights are not added up. A dropped self-loop takes its attributes along.
 * </ul>
 */
package io.millrace.datasets.csr;

/**
 * From the ids in a source to node ids: 0 to numNodes - 1.
 *
 * <p>Begin with {@link io.millrace.datasets.formats.ids.NodeIds}. {@link
 * io.millrace.datasets.formats.ids.DenseIds} are node ids already, {@link
 * io.millrace.datasets.formats.ids.LongIds} are other integers, {@link
 * io.millrace.datasets.formats.ids.NameIds} are text; {@link
 * io.millrace.datasets.formats.ids.NodeIdKind} is what the user may choose.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Ids are numbered in memory, and the dictionary is written at the end.</b> A hash table
 *       over the names' bytes takes 1.8 million edges/s (a million names, 20 million edges). The
 *       index that {@link io.millrace.datasets.NodeDictionary} looks names up in is made from the
 *       names once they are written.
 *   <li><b>Names are looked up by all threads, and only new ones are added in turn.</b> Most names
 *       of a graph's edges are known already, and a search reads memory at random, which is most of
 *       the time. The numbering is still by first appearance. Two threads import 6 million edges of
 *       600,000 names 1.81 times as fast as one, and parse them 1.56 times as fast ({@code bench
 *       import}, two cores; next to one thread, the compiler and the garbage collector already have
 *       a core). The command imports 8 million edges of a million names in 5.7 s on two cores and
 *       in 10.5 s on one. These were taken with priority on a busy machine.
 * </ul>
 */
package io.millrace.datasets.formats.ids;

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
 *       the time. The numbering is still by first appearance.
 * </ul>
 */
package io.millrace.datasets.formats.ids;

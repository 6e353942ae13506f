/**
 * Imports text tables: edge lists, and optionally a table of nodes, as csv, tsv, SNAP's text or
 * Parquet.
 *
 * <p>Begin with {@link io.millrace.datasets.formats.edgelist.EdgeListImporter}. Its edges come from
 * {@link io.millrace.datasets.formats.EdgeText}, where a line becomes an edge; {@code
 * EdgeListTables} opens the files, {@code NodeTable} reads the node table.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>The first line determines the kind of ids.</b> If its ids are integers, text in a later
 *       line is an error and not a name. Only integers that cannot be node ids (negative, 2^31 or
 *       more, or far larger than the number of edges) make the import start again with 64-bit ids,
 *       and integers with leading zeros (0007, a zip code) with text; a note reports it.
 *   <li><b>Class names are numbered alphabetically</b>, not by first appearance: the same rows in
 *       another order give the same classes.
 * </ul>
 */
package io.millrace.datasets.formats.edgelist;
